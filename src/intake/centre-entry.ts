import type { QueryExecutorProvider } from 'kysely'
import { readDirectoryEntries } from '../centres/load-directory.ts'
import { verifyCentreEntry } from '../sealing/centre-entry.ts'
import { type DirectoryEntry, parseDirectoryBody } from '../sealing/directory-entry.ts'
import { SealingError } from '../sealing/error.ts'

const REREAD_AFTER_MS = 60_000

export interface CentreEntryOptions {
  readonly db: QueryExecutorProvider
  readonly register: string
  readonly centre: string
  readonly rootPublicKey: Uint8Array
  readonly clock: () => Date
}

/**
 * Finds the directory's newest word about a centre's key, for pages that seal by themselves and check it again. Null where there
 * is none that the root signed: such a page then works without sealing in it.
 */
export function followCentreEntry(
  options: CentreEntryOptions,
): () => Promise<DirectoryEntry | null> {
  let known: { readonly entry: DirectoryEntry | null; readonly readAtMs: number } | undefined
  return async () => {
    const now = options.clock().getTime()
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.readAtMs
    if (known === undefined || age < 0 || age >= REREAD_AFTER_MS) {
      known = { entry: await newestEntry(options), readAtMs: now }
    }
    return known.entry
  }
}

async function newestEntry(options: CentreEntryOptions): Promise<DirectoryEntry | null> {
  const entries = await readDirectoryEntries(options.db)
  return entries.findLast((entry) => isCentreEntry(entry, options)) ?? null
}

function isCentreEntry(entry: DirectoryEntry, options: CentreEntryOptions): boolean {
  try {
    if (parseDirectoryBody(entry.body).change.change !== 'centre') return false
    verifyCentreEntry(entry, options)
    return true
  } catch (error) {
    if (error instanceof SealingError) return false
    throw error
  }
}
