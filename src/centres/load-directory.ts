import { type QueryExecutorProvider, sql } from 'kysely'
import { extendDirectory, verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import type { Directory } from '../sealing/directory-state.ts'
import type { Ed25519Verify } from '../sealing/parameters.ts'
import { CentresError } from './error.ts'

/**
 * The directory, proven from its first entry against the root key this process was configured with.
 * The rows come from a database whose owner may be hostile: a broken chain throws SealingError and
 * nothing of it is used.
 */
export async function loadDirectory(
  db: QueryExecutorProvider,
  register: string,
  rootPublicKey: Uint8Array,
  verify?: Ed25519Verify,
): Promise<Directory> {
  const entries = await readDirectoryEntries(db)
  if (entries.length === 0) throw new CentresError('directory_missing', 'no directory yet')
  return verifyDirectory(entries, register, rootPublicKey, verify === undefined ? {} : { verify })
}

/** A directory that follows the rows as they grow. What was verified once is never read again, so it cannot be taken back. */
export interface DirectoryReader {
  readonly current: () => Promise<Directory>
}

export function followDirectory(
  db: QueryExecutorProvider,
  register: string,
  rootPublicKey: Uint8Array,
): DirectoryReader {
  let known: Directory | undefined
  return {
    async current() {
      const before = known
      if (before === undefined) {
        known = await loadDirectory(db, register, rootPublicKey)
        return known
      }
      const later = await readDirectoryEntries(db, before.size)
      if (later.length === 0) return before
      const next = extendDirectory(before, later)
      // Another caller may have read further meanwhile.
      if (known === undefined || next.size > known.size) known = next
      return next
    },
  }
}

/** The signed rows as they stand, unverified: whoever uses them proves them first. */
export async function readDirectoryEntries(
  db: QueryExecutorProvider,
  fromSeq = 0,
): Promise<readonly DirectoryEntry[]> {
  const { rows } = await sql<DirectoryEntry>`
    SELECT body, signature FROM avow.directory_change WHERE seq >= ${fromSeq} ORDER BY seq`.execute(
    db,
  )
  return rows
}
