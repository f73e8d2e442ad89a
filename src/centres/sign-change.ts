import { type QueryExecutorProvider, sql } from 'kysely'
import type { DirectoryChange } from '../sealing/directory-change.ts'
import { type DirectoryEntry, parseDirectoryBody } from '../sealing/directory-entry.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { appendDirectoryChange } from './append-directory-change.ts'

/** A centre identity sealed to one volunteer's own recipient. */
export interface KeyToHand {
  readonly id: Uint8Array
  readonly volunteer: string
  readonly sealed: Uint8Array
}

/**
 * Appends what a key holder signed and does, in the same transaction, what follows from it: an admitted
 * applicant waits no longer, a revoked volunteer's account and handed keys are gone, new keys are handed.
 * Returns the change, for what other rooms make of it.
 */
export async function signChange(
  tx: QueryExecutorProvider,
  directory: Directory,
  entry: DirectoryEntry,
  keys: readonly KeyToHand[],
): Promise<DirectoryChange> {
  const next = await appendDirectoryChange(tx, directory, entry)
  const { change } = parseDirectoryBody(entry.body)
  if (change.change === 'volunteer') {
    await sql`DELETE FROM avow.applicant WHERE volunteer = ${change.id}`.execute(tx)
  }
  if (change.change === 'revoke') {
    await sql`DELETE FROM avow.handed_key WHERE volunteer = ${change.id}`.execute(tx)
    await sql`DELETE FROM avow.account WHERE volunteer = ${change.id}`.execute(tx)
  }
  for (const { id, volunteer, sealed } of keys) {
    if (!next.volunteers.has(volunteer)) continue
    await sql`INSERT INTO avow.handed_key (id, volunteer, sealed)
      VALUES (${id}, ${volunteer}, ${sealed})`.execute(tx)
  }
  return change
}
