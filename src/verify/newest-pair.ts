import { DeclarationError } from '../declaration/error.ts'
import { parseEvent } from '../declaration/event.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import { archiveFile } from './archive.ts'
import { VerifyError } from './error.ts'
import type { Pair } from './latest.ts'
import { readEntries } from './read-entries.ts'
import type { RegisterOrigins } from './register-origins.ts'
import { eventTree } from './signed-tree.ts'
import type { Trust } from './trust.ts'
import { verifyNote } from './verify-note.ts'

/**
 * The pair that `log/latest` is about to name: every publication ends in a tally that says for how many declarations it
 * is. After a publication that was cut short content can be of this pair while `log/latest` names the older one.
 * Undefined where there is none beyond `pair`; what is wrong with it is found when it is verified.
 */
export async function findPairBeyond(
  pair: Pair,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<Pair | undefined> {
  try {
    const events = (await verifyNote('log/events/checkpoint', origins.events, trust)).checkpoint
    if (events.size <= pair.events.size) return undefined
    const bundle = Math.floor((events.size - 1) / TILE_WIDTH)
    const width = events.size - bundle * TILE_WIDTH
    const tree = eventTree({ ...events, file: 'log/events/checkpoint' })
    const { entries } = await readEntries(tree, bundle, width, trust.read)
    const last = parseEvent(entries.at(-1) ?? new Uint8Array(0))
    if (last.type !== 'tally' || last.size < pair.declarations.size) return undefined
    const file = archiveFile('declarations', last.size)
    const declarations = (await verifyNote(file, origins.declarations, trust)).checkpoint
    return declarations.size === last.size ? { declarations, events } : undefined
  } catch (cause) {
    // Half of a publication, or nonsense: `log/latest` will name it one day, or not.
    if (cause instanceof VerifyError || cause instanceof DeclarationError) return undefined
    throw cause
  }
}
