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

/** Public keys that want to enter the directory. Attacker-controlled until two key holders compared the code. */
export interface Application {
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signingKey: string
}

/**
 * Uses up an invitation in the caller's transaction. Whoever holds a founding key signed their own entry and is a
 * volunteer at once; anybody else is an applicant until two key holders have signed. A name in the directory is
 * applied for again only with an invitation made for it: whether it is the same person is for those two to know.
 */
export async function acceptInvitation(
  tx: QueryExecutorProvider,
  directory: Directory,
  lookupHash: Uint8Array,
  account: NewAccount,
  wish: DirectoryEntry | Application,
  day: string,
): Promise<'admitted' | 'applied'> {
  const { rows } = await sql<{ renews: string | null }>`
    DELETE FROM avow.invitation WHERE lookup_hash = ${lookupHash} RETURNING renews`.execute(tx)
  const [used] = rows
  if (used === undefined) throw new CentresError('invitation_gone', 'used already or never made')
  if (isKnown(directory, account.volunteer) && used.renews !== account.volunteer) throw nameTaken()
  if ('body' in wish) {
    await found(tx, directory, account, wish)
    return 'admitted'
  }
  await apply(tx, directory, account, wish, day)
  return 'applied'
}

async function found(
  tx: QueryExecutorProvider,
  directory: Directory,
  { volunteer, loginHash, keyring }: NewAccount,
  entry: DirectoryEntry,
): Promise<void> {
  const centre = centreOfEntry(entry, volunteer)
  const made = await sql`INSERT INTO avow.account (volunteer, centre, login_hash, keyring)
    VALUES (${volunteer}, ${centre}, ${loginHash}, ${keyring}) ON CONFLICT DO NOTHING`.execute(tx)
  if (made.numAffectedRows !== 1n) throw nameTaken()
  await appendDirectoryChange(tx, directory, entry)
}

async function apply(
  tx: QueryExecutorProvider,
  directory: Directory,
  { volunteer, loginHash, keyring }: NewAccount,
  { centre, roles, recipient, signingKey }: Application,
  day: string,
): Promise<void> {
  if (!directory.centres.has(centre)) throw new CentresError('change_refused', 'unknown centre')
  const made = await sql`INSERT INTO avow.applicant
      (volunteer, centre, roles, recipient, signing_key, login_hash, keyring, day)
    VALUES (${volunteer}, ${centre}, ${roles}, ${recipient}, ${signingKey}, ${loginHash},
      ${keyring}, ${day}) ON CONFLICT DO NOTHING`.execute(tx)
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

function isKnown(directory: Directory, name: string): boolean {
  const { volunteers, suspendedVolunteers, formerVolunteers } = directory
  return volunteers.has(name) || suspendedVolunteers.has(name) || formerVolunteers.has(name)
}

function nameTaken(): CentresError {
  return new CentresError('name_taken', 'the name is in use or was')
}
