import { entriesPath, parseEntryBundle, TILE_WIDTH } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import type { ReadFile } from './read-file.ts'
import { maxBundleBytes, type SignedTree } from './signed-tree.ts'

export type ReadBundle = { readonly file: string; readonly entries: readonly Uint8Array[] }

/** The first `width` entries of a bundle; from the full one where the partial is gone. Nothing is proven yet. */
export async function readEntries(
  tree: SignedTree,
  index: number,
  width: number,
  read: ReadFile,
): Promise<ReadBundle> {
  const maxBytes = maxBundleBytes(tree)
  const asked = `${tree.folder}/${entriesPath(index, width)}`
  const bytes = await read(asked, maxBytes)
  if (bytes !== undefined) return { file: asked, entries: parseBundle(asked, bytes, width) }
  const full = `${tree.folder}/${entriesPath(index)}`
  const fullBytes = width < TILE_WIDTH ? await read(full, maxBytes) : undefined
  if (fullBytes === undefined) {
    throw new VerifyError('missing_file', asked, 'the entries are missing')
  }
  return { file: full, entries: parseBundle(full, fullBytes, TILE_WIDTH).slice(0, width) }
}

function parseBundle(file: string, bytes: Uint8Array, width: number): Uint8Array[] {
  const entries = split(file, bytes)
  if (entries.length !== width) {
    throw new VerifyError(
      'entries_mismatch',
      file,
      `the file holds ${entries.length} entries instead of ${width}`,
    )
  }
  return entries
}

function split(file: string, bytes: Uint8Array): Uint8Array[] {
  try {
    return parseEntryBundle(bytes)
  } catch (cause) {
    throw new VerifyError('entries_mismatch', file, 'the file is not an entry bundle', { cause })
  }
}
