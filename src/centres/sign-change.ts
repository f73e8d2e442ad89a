import { type QueryExecutorProvider, sql } from 'kysely'
import { toBase64 } from '../encoding/base64.ts'
import type { DirectoryChange } from '../sealing/directory-change.ts'
import { type DirectoryEntry, parseDirectoryBody } from '../sealing/directory-entry.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { admitApplicantAccount } from './account-store.ts'
import { appendDirectoryChange } from './append-directory-change.ts'
import { CentresError } from './error.ts'
import { findPendingChange, removePendingChange } from './pending-change-store.ts'
import { dropRecoveryFile } from './recovery-store.ts'

type Change<Kind> = Extract<DirectoryChange, { readonly change: Kind }>

export interface SignedChange {
  readonly entry: DirectoryEntry
  /** The change that waited for this second signature; undefined for what one may do alone. */
  readonly pending: Uint8Array | undefined
  readonly rubbish: DirectoryEntry | undefined
}

/**
 * Appends what was signed and does, in the same transaction, what follows from it: keys are handed over, an admitted
 * applicant has an account, what a leaver or a closed month left is deleted. Returns the change, for what other rooms
 * make of it.
 */
export async function signChange(
  tx: QueryExecutorProvider,
  directory: Directory,
  { entry, pending, rubbish }: SignedChange,
): Promise<DirectoryChange> {
  const next = await appendDirectoryChange(tx, directory, entry, rubbish)
  const { change } = parseDirectoryBody(entry.body)
  await followFrom(tx, change, directory)
  if (pending !== undefined) await handOver(tx, pending, next)
  return change
}

async function followFrom(
  tx: QueryExecutorProvider,
  change: DirectoryChange,
  before: Directory,
): Promise<void> {
  switch (change.change) {
    case 'volunteer':
      await settleVolunteer(tx, change, before)
      return
    case 'suspend':
      await dropProposalsOf(tx, change.id)
      return
    case 'revoke':
      await dropProposalsOf(tx, change.id)
      await sql`DELETE FROM avow.handed_key WHERE volunteer = ${change.id}`.execute(tx)
      await sql`DELETE FROM avow.applicant WHERE volunteer = ${change.id}`.execute(tx)
      await sql`DELETE FROM avow.account WHERE volunteer = ${change.id}`.execute(tx)
      return
    case 'close':
      await sql`DELETE FROM avow.handed_key
        WHERE centre = ${change.centre} AND month <= ${change.month}`.execute(tx)
      // The closed month's identity is in it: better none until a key holder's browser has sealed a new one.
      await dropRecoveryFile(tx)
      return
    case 'recovery':
      await dropRecoveryFile(tx)
      return
    case 'root':
    case 'log':
    case 'centre':
    case 'found':
      return
  }
}

/** Somebody new, or with new keys, or in another centre: what was sealed to them before is of no use or not theirs. */
async function settleVolunteer(
  tx: QueryExecutorProvider,
  change: Change<'volunteer'>,
  before: Directory,
): Promise<void> {
  const { id, centre, recipient, signingKey } = change
  const known = before.volunteers.get(id) ?? before.suspendedVolunteers.get(id)
  if (known?.recipient !== recipient || known.centre !== centre) {
    await sql`DELETE FROM avow.handed_key WHERE volunteer = ${id} AND pending IS NULL`.execute(tx)
  }
  const { rows } = await sql`SELECT 1 FROM avow.applicant WHERE volunteer = ${id}
    AND recipient = ${recipient} AND signing_key = ${toBase64(signingKey)}`.execute(tx)
  if (rows.length > 0) await admitApplicantAccount(tx, id)
  else await sql`UPDATE avow.account SET centre = ${centre} WHERE volunteer = ${id}`.execute(tx)
}

async function dropProposalsOf(tx: QueryExecutorProvider, id: string): Promise<void> {
  await sql`DELETE FROM avow.pending_change
    WHERE starts_with(proposed, ${`proposed ${id} `})`.execute(tx)
}

/** To whoever is still in the directory; what a `close` in between has made void does not come back. */
async function handOver(
  tx: QueryExecutorProvider,
  pending: Uint8Array,
  { volunteers, centres }: Directory,
): Promise<void> {
  if ((await findPendingChange(tx, pending)) === undefined) {
    throw new CentresError('change_gone', 'the change waits no longer')
  }
  await sql`UPDATE avow.handed_key SET pending = NULL WHERE pending = ${pending}
    AND volunteer = ANY(${[...volunteers.keys()]}::text[])`.execute(tx)
  await removePendingChange(tx, pending)
  for (const [centre, { closedThrough }] of centres) {
    if (closedThrough === '-') continue
    await sql`DELETE FROM avow.handed_key
      WHERE centre = ${centre} AND month <= ${closedThrough}`.execute(tx)
  }
}
