import { type QueryExecutorProvider, sql } from 'kysely'
import { strictVerify } from '../sealing/directory.ts'
import { type DirectoryEntry, parseDirectoryBody } from '../sealing/directory-entry.ts'
import { parseSignatures } from '../sealing/directory-signatures.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { recoveryRequest } from '../sealing/recovery.ts'
import { appendDirectoryChange } from './append-directory-change.ts'
import { CentresError } from './error.ts'
import { dropRecoveryFile } from './recovery-store.ts'

/** Throws `change_refused` unless the directory's recovery key asked for the file today. */
export function requireRecoveryRequest(
  { recovery, register }: Directory,
  signature: Uint8Array,
  day: string,
): void {
  const message = recoveryRequest(register, day)
  if (recovery === undefined || !strictVerify(signature, message, recovery.key)) {
    throw new CentresError('change_refused', 'not asked for by the recovery key')
  }
}

/**
 * Takes the entry by which the recovery key names two founding keys, and the invitations that carry them. The file it
 * came from ends with it: its recovery key counts no more.
 */
export async function recover(
  tx: QueryExecutorProvider,
  directory: Directory,
  {
    entry,
    invitations,
    rubbish,
    day,
  }: {
    readonly entry: DirectoryEntry
    readonly invitations: readonly { readonly lookup: Uint8Array; readonly sealed: Uint8Array }[]
    readonly rubbish: DirectoryEntry | undefined
    readonly day: string
  },
): Promise<void> {
  const { change } = parseDirectoryBody(entry.body)
  if (change.change !== 'found' || parseSignatures(entry.signatures).kind !== 'recovery') {
    throw new CentresError('change_refused', 'a recovery names founding keys and nothing else')
  }
  await appendDirectoryChange(tx, directory, entry, rubbish)
  await dropRecoveryFile(tx)
  for (const { lookup, sealed } of invitations) {
    await sql`INSERT INTO avow.invitation (lookup_hash, sealed, renews, day)
      VALUES (${lookup}, ${sealed}, ${null}, ${day})`.execute(tx)
  }
}
