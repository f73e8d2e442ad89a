import type { QueryExecutorProvider } from 'kysely'
import type { DirectoryPins } from '../centres/directory-pin.ts'
import { CentresError } from '../centres/error.ts'
import { followDirectory } from '../centres/load-directory.ts'
import { type CentreProof, proveKeyOfDay } from '../sealing/centre-entry.ts'
import { SealingError } from '../sealing/error.ts'

const REREAD_AFTER_MS = 60_000

export interface CentreEntryOptions {
  readonly db: QueryExecutorProvider
  readonly register: string
  readonly centre: string
  readonly rootPublicKey: Uint8Array
  readonly pins?: DirectoryPins
  readonly clock: () => Date
}

/**
 * Finds the directory's word about the key a centre takes things with today, for pages that seal by themselves and check
 * it again. Null where there is none: such a page then works without sealing in it.
 */
export function followCentreEntry(options: CentreEntryOptions): () => Promise<CentreProof | null> {
  const { db, register, rootPublicKey, pins, centre, clock } = options
  const reader = followDirectory(db, register, rootPublicKey, pins === undefined ? {} : { pins })
  let known: { readonly proof: CentreProof | null; readonly readAtMs: number } | undefined
  const readProof = async () => {
    const directory = await reader.current()
    const today = clock().toISOString().slice(0, 10)
    return proveKeyOfDay(directory, reader.entries(), centre, today) ?? null
  }
  return async () => {
    const now = clock().getTime()
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.readAtMs
    if (known === undefined || age < 0 || age >= REREAD_AFTER_MS) {
      known = { proof: await orNull(readProof()), readAtMs: now }
    }
    return known.proof
  }
}

async function orNull(proof: Promise<CentreProof | null>): Promise<CentreProof | null> {
  try {
    return await proof
  } catch (error) {
    if (error instanceof SealingError || error instanceof CentresError) return null
    throw error
  }
}
