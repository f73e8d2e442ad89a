import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { entriesPath, parseEntryBundle, TILE_WIDTH, tileWidth } from '../../src/tlog/tile.ts'
import { parseLatest } from '../../src/verify/latest.ts'

/** The entries of the event log as they are served, unverified: `checkLog` does that. */
export async function readServedEvents(publicFolder: string): Promise<Uint8Array[]> {
  const { events } = parseLatest(await readFile(join(publicFolder, 'log/latest')))
  const entries: Uint8Array[] = []
  for (let index = 0; index * TILE_WIDTH < events.size; index++) {
    const path = entriesPath(index, tileWidth(0, index, events.size))
    entries.push(...parseEntryBundle(await readFile(join(publicFolder, 'log/events', path))))
  }
  return entries
}
