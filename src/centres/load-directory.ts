import { type QueryExecutorProvider, sql } from 'kysely'
import { followEntries, verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import { type Directory, emptyDirectory } from '../sealing/directory-state.ts'
import type { SealingErrorCode } from '../sealing/error.ts'
import type { Ed25519Verify } from '../sealing/parameters.ts'
import type { DirectoryPins } from './directory-pin.ts'
import { CentresError } from './error.ts'

/** More rubbish than this behind the last entry is not even read. */
const ROWS_READ_MAX = 5_000

/**
 * The directory, proven from its first entry against the root key this process was configured with. Any row that does
 * not verify throws SealingError.
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

/**
 * A directory that follows the rows as they grow. What was verified once is never read again, so it cannot be taken
 * back; what was verified in an earlier run is remembered by the pins. Rows that do not verify are left out.
 */
export interface DirectoryReader {
  readonly current: () => Promise<Directory>
  /** What `current` last returned, entry by entry. */
  readonly entries: () => readonly DirectoryEntry[]
  /** The row behind the last entry that does not verify, if there is one. */
  readonly rubbish: () => Rubbish | undefined
}

export interface Rubbish {
  readonly row: DirectoryEntry
  readonly code: SealingErrorCode
}

export interface FollowOptions {
  readonly pins?: DirectoryPins
  /** Told once of each row that is left out. */
  readonly onRubbish?: (code: SealingErrorCode) => void
}

export function followDirectory(
  db: QueryExecutorProvider,
  register: string,
  rootPublicKey: Uint8Array,
  { pins, onRubbish }: FollowOptions = {},
): DirectoryReader {
  let known: Directory = emptyDirectory(register, rootPublicKey)
  let entries: readonly DirectoryEntry[] = []
  let rubbish: Rubbish | undefined
  const readOn = async () => {
    const rows = await readDirectoryEntries(db, known.size)
    if (rows.length === 0 && known.size > 0) {
      rubbish = undefined
      return
    }
    const pin = known.size === 0 ? await pins?.find() : undefined
    if (rows.length === 0 && pin === undefined) {
      throw new CentresError('directory_missing', 'no directory yet')
    }
    const from = known
    const trust = pin === undefined ? {} : { pin }
    const { directory, taken, refused } = followEntries(from, rows, trust)
    // Pinned before it is used: whatever this process does by it, it will not forget.
    if (taken > 0) await pins?.raise({ size: directory.size, head: directory.head })
    // Another caller may have read further meanwhile.
    if (directory.size < known.size) return
    if (directory.size > known.size) {
      entries = [...entries.slice(0, from.size), ...rows.slice(0, taken)]
      known = directory
    }
    const row = rows[taken]
    const found = refused === undefined || row === undefined ? undefined : { row, code: refused }
    if (found !== undefined && found.row.body !== rubbish?.row.body) onRubbish?.(found.code)
    rubbish = found
  }
  return {
    async current() {
      await readOn()
      if (known.size === 0) throw new CentresError('directory_missing', 'no directory yet')
      return known
    },
    entries: () => entries,
    rubbish: () => rubbish,
  }
}

/** The signed rows as they stand, unverified: whoever uses them proves them first. */
export async function readDirectoryEntries(
  db: QueryExecutorProvider,
  fromSeq = 0,
): Promise<readonly DirectoryEntry[]> {
  const limit = fromSeq === 0 ? null : ROWS_READ_MAX
  const { rows } = await sql<DirectoryEntry>`
    SELECT body, signatures FROM avow.directory_change WHERE seq >= ${fromSeq}
    ORDER BY seq LIMIT ${limit}`.execute(db)
  return rows
}
