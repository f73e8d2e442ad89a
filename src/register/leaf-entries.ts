import { join } from 'node:path'
import { entriesPath, parseEntryBundle, TILE_WIDTH } from '../tlog/tile.ts'
import { findFile } from './durable-files.ts'
import { RegisterError } from './error.ts'

/** The published declarations: where their entries are served, and how many there are. */
export type ServedEntries = { readonly served: string; readonly size: number }

/** The entries [first, end), bundle by bundle. Throws `missing_file`. */
export async function* readLeafEntries(
  { served, size }: ServedEntries,
  first: number,
  end: number,
): AsyncGenerator<{ readonly index: number; readonly entry: Uint8Array }> {
  for (let next = first; next < end; ) {
    const bundle = Math.floor(next / TILE_WIDTH)
    const start = bundle * TILE_WIDTH
    const path = entriesPath(bundle, Math.min(TILE_WIDTH, size - start))
    const bytes = await findFile(join(served, path))
    if (bytes === undefined) throw new RegisterError('missing_file', `${path} is not there`)
    for (const entry of parseEntryBundle(bytes).slice(next - start, end - start)) {
      yield { index: next++, entry }
    }
    if (next < Math.min(end, start + TILE_WIDTH)) {
      throw new RegisterError('missing_file', `${path} is too short`)
    }
  }
}
