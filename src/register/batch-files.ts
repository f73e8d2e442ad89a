import { join } from 'node:path'
import { appendLeafHashes, type Tile, type TreeEdge } from '../tlog/edge.ts'
import { HASH_BYTES, leafHash, type Sha256, type TreeHash } from '../tlog/hash.ts'
import {
  encodeEntryBundle,
  entriesPath,
  parseEntryBundle,
  partialWidth,
  TILE_WIDTH,
  tilePath,
} from '../tlog/tile.ts'
import { findFile, type NamedBytes } from './durable-files.ts'
import { RegisterError } from './error.ts'

/** A batch whose indices are assigned, and the tree with it. */
export type AssignedBatch = {
  readonly edgeBefore: TreeEdge
  readonly entries: readonly Uint8Array[]
  readonly edge: TreeEdge
  readonly root: TreeHash
  readonly tiles: readonly Tile[]
}

export function assignBatch(
  edgeBefore: TreeEdge,
  entries: readonly Uint8Array[],
  sha256: Sha256,
): AssignedBatch {
  const hashes = entries.map((entry) => leafHash(entry, sha256))
  const appended = appendLeafHashes(edgeBefore, hashes, sha256)
  return { edgeBefore, entries, ...appended }
}

/** Every bundle and tile that the new size implies beyond the full ones of the old. `served` is the log's folder. */
export async function batchFiles(
  served: string,
  batch: AssignedBatch,
  sha256: Sha256,
): Promise<NamedBytes[]> {
  const { edgeBefore, entries, edge, tiles } = batch
  const open = [...(await readOpenBundle(served, edgeBefore, sha256)), ...entries]
  const firstBundle = Math.floor(edgeBefore.size / TILE_WIDTH)
  const files: NamedBytes[] = []
  for (let at = 0; at < open.length; at += TILE_WIDTH) {
    const bundle = open.slice(at, at + TILE_WIDTH)
    const path = entriesPath(firstBundle + at / TILE_WIDTH, bundle.length)
    files.push({ path, bytes: encodeEntryBundle(bundle) })
  }
  for (const { level, index, width, bytes } of tiles) {
    files.push({ path: tilePath(level, index, width), bytes })
  }
  // The partial bundle of the old size is there already when a batch is empty.
  return edge.size === edgeBefore.size ? [] : files
}

/** Where the partials of tiles that became full are: nobody needs them once the full tile is served. */
export function completedPartials({ edgeBefore, tiles }: AssignedBatch): string[] {
  return tiles
    .filter(({ width }) => width === TILE_WIDTH)
    .filter(({ level, index }) => index === Math.floor(edgeBefore.size / TILE_WIDTH ** (level + 1)))
    .flatMap(({ level, index }) => [
      `${tilePath(level, index)}.p`,
      ...(level === 0 ? [`${entriesPath(index)}.p`] : []),
    ])
}

/**
 * The entries of the bundle that was not full, from the served file and checked against the edge. Throws `missing_file`
 * or `hash_mismatch`: what we cannot vouch for is not copied into a new file.
 */
async function readOpenBundle(
  served: string,
  edge: TreeEdge,
  sha256: Sha256,
): Promise<Uint8Array[]> {
  const width = partialWidth(0, edge.size)
  if (width === 0) return []
  const path = entriesPath(Math.floor(edge.size / TILE_WIDTH), width)
  const bytes = await findFile(join(served, path))
  if (bytes === undefined) throw new RegisterError('missing_file', `${path} is not there`)
  const entries = parseEntryBundle(bytes)
  const expected = edge.tails[0] ?? new Uint8Array(0)
  const differs = entries.findIndex((entry, i) => {
    const known = expected.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
    return Buffer.compare(leafHash(entry, sha256), known) !== 0
  })
  if (entries.length !== width || differs !== -1) {
    throw new RegisterError('hash_mismatch', `${path} does not belong to the tree`)
  }
  return entries
}
