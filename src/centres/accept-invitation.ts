import { type QueryExecutorProvider, sql } from 'kysely'
import { type DirectoryEntry, parseDirectoryBody } from '../sealing/directory-entry.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { appendDirectoryChange } from './append-directory-change.ts'
import { CentresError } from './error.ts'

/** An account that only its passphrase opens; the server keeps a hash of the login proof. */
export interface NewAccount {
  readonly volunteer: string
  readonly loginHash: Uint8Array
  readonly keyring: Uint8Array
}

/** Public keys that want to enter the directory. Attacker-controlled until a key holder compared the code. */
export interface Application {
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signingKey: string
}

/**
 * Uses up an invitation in the caller's transaction. Whoever holds the root seed signed their own entry
 * and is a volunteer at once; anybody else is an applicant until a key holder signs.
 */
export async function acceptInvitation(
  tx: QueryExecutorProvider,
  directory: Directory,
  lookupHash: Uint8Array,
  account: NewAccount,
  wish: DirectoryEntry | Application,
  day: string,
): Promise<'admitted' | 'applied'> {
  const used = await sql`DELETE FROM avow.invitation WHERE lookup_hash = ${lookupHash}`.execute(tx)
  if (used.numAffectedRows !== 1n) {
    throw new CentresError('invitation_gone', 'used already or never made')
  }
  if (isKnownName(directory, account.volunteer)) throw nameTaken()
  const centre = 'body' in wish ? centreOfEntry(wish, account.volunteer) : wish.centre
  await insertAccount(tx, centre, account)
  if ('body' in wish) {
    await appendDirectoryChange(tx, directory, wish)
    return 'admitted'
  }
  if (!directory.centres.has(centre)) throw new CentresError('change_refused', 'unknown centre')
  await sql`INSERT INTO avow.applicant (volunteer, centre, roles, recipient, signing_key, day)
    VALUES (${account.volunteer}, ${centre}, ${wish.roles}, ${wish.recipient}, ${wish.signingKey},
      ${day})`.execute(tx)
  return 'applied'
}

async function insertAccount(
  tx: QueryExecutorProvider,
  centre: string,
  { volunteer, loginHash, keyring }: NewAccount,
): Promise<void> {
  const made = await sql`INSERT INTO avow.account (volunteer, centre, login_hash, keyring)
    VALUES (${volunteer}, ${centre}, ${loginHash}, ${keyring}) ON CONFLICT DO NOTHING`.execute(tx)
  if (made.numAffectedRows !== 1n) throw nameTaken()
}

/** The account and the entry must be of one person; the directory itself judges the rest of the entry. */
function centreOfEntry(entry: DirectoryEntry, volunteer: string): string {
  const { change } = parseDirectoryBody(entry.body)
  if (change.change !== 'volunteer' || change.id !== volunteer) {
    throw new CentresError('change_refused', 'the entry is not this volunteer’s')
  }
  return change.centre
}

function isKnownName({ volunteers, formerVolunteers }: Directory, name: string): boolean {
  return volunteers.has(name) || formerVolunteers.has(name)
}

function nameTaken(): CentresError {
  return new CentresError('name_taken', 'the name is in use or was')
}
