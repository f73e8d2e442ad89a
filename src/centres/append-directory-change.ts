import { type QueryExecutorProvider, sql } from 'kysely'
import { extendDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { SealingError } from '../sealing/error.ts'
import { CentresError } from './error.ts'

/**
 * Appends one signed change that `directory`, already verified, accepts as its next entry. The primary key decides
 * between two who sign at once: the later one gets `directory_moved` and signs again. `rubbish` is a row that stands in
 * its place and does not verify: it is overwritten, if it is still that one.
 */
export async function appendDirectoryChange(
  db: QueryExecutorProvider,
  directory: Directory,
  entry: DirectoryEntry,
  rubbish?: DirectoryEntry,
): Promise<Directory> {
  const next = extend(directory, entry)
  const { numAffectedRows } = await sql`
    INSERT INTO avow.directory_change AS d (seq, body, signatures)
    VALUES (${directory.size}, ${entry.body}, ${entry.signatures})
    ON CONFLICT (seq) DO UPDATE SET body = excluded.body, signatures = excluded.signatures
      WHERE d.body = ${rubbish?.body ?? null} AND d.signatures = ${rubbish?.signatures ?? null}`.execute(
    db,
  )
  if (numAffectedRows !== 1n) {
    throw new CentresError('directory_moved', 'another change was signed first')
  }
  return next
}

/** Throws `directory_moved` for an entry made on top of another state, `change_refused` for one that no state takes. */
function extend(directory: Directory, entry: DirectoryEntry): Directory {
  try {
    return extendDirectory(directory, [entry])
  } catch (cause) {
    if (!(cause instanceof SealingError)) throw cause
    const moved = ['entry_repeated', 'broken_link', 'out_of_order', 'entry_missing']
    const code = moved.includes(cause.code) ? 'directory_moved' : 'change_refused'
    throw new CentresError(code, `the directory does not accept this change: ${cause.code}`, cause)
  }
}
