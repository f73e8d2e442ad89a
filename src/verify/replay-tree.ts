import { equalBytes } from '../encoding/bytes.ts'
import { HASH_BYTES, type Sha256, subtreeRoot, type TreeHash, treeHash } from '../tlog/hash.ts'
import { TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { createEntryHasher } from './entry-hasher.ts'
import { VerifyError } from './error.ts'
import { readAhead } from './read-ahead.ts'
import { readEntries } from './read-entries.ts'
import { type ReadFile, readRequired } from './read-file.ts'
import type { SignedTree } from './signed-tree.ts'
import { edgeIndex, readTreeEdge } from './tree-edge.ts'

/** Bundles in flight at once: 8 × (entries, tile, content) is some 2 MiB, and hides most of a round trip. */
const WINDOW = 8

/** Up to 256 entries whose hashes are proven to lie under the signed root. */
export type Bundle = {
  readonly index: number
  readonly first: number
  readonly file: string
  readonly entries: readonly Uint8Array[]
  /** The leaf hashes, concatenated. */
  readonly hashes: Uint8Array
  /** The root over 256 entries; null for the bundle that is not full. */
  readonly root: TreeHash | null
  /** The tiles above the bundle and those of the edge. */
  readonly tiles: readonly ProvenTile[]
}

/** A hash tile that is proven, as wide as the tree implies. */
export type ProvenTile = {
  readonly level: number
  readonly index: number
  readonly bytes: Uint8Array
}

export type Replay = {
  readonly read: ReadFile
  readonly sha256: Sha256
  /** Called when a bundle is about to be read, so that what belongs to it can be fetched along with it. */
  readonly onAhead?: (bundleIndex: number) => void
  /** Whether any of the bundles from `first` to before `end` is asked for; without it all are. */
  readonly wanted?: (first: number, end: number) => boolean
}

/**
 * Reads every tile and every entry of a log, or of the bundles that are wanted, from the signed root downward, the entries in ascending order,
 * and yields them bundle by bundle. Throws at the first file that is not what the root says.
 */
export async function* replayTree(tree: SignedTree, replay: Replay): AsyncGenerator<Bundle> {
  const tails = await readTreeEdge(tree, replay.read, replay.sha256)
  const edge = tails.flatMap((bytes, level) =>
    bytes.length === 0 ? [] : [{ level, index: edgeIndex(level, tree.size), bytes }],
  )
  for (const tile of edge.toReversed()) {
    if (tile.level > 0) yield* replayBelow(tree, tile, edge, replay)
    else if (replay.wanted?.(tile.index, tile.index + 1) !== false) {
      yield await readBundle(tree, { ...tile, root: null }, edge, replay)
    }
  }
}

/** The full tiles whose roots a tile holds, from left to right. */
async function* replayBelow(
  tree: SignedTree,
  above: ProvenTile,
  tiles: readonly ProvenTile[],
  replay: Replay,
): AsyncGenerator<Bundle> {
  const level = above.level - 1
  const span = TILE_WIDTH ** level
  const positions = Array.from({ length: above.bytes.length / HASH_BYTES }, (_, at) => at).filter(
    (at) => {
      const first = (above.index * TILE_WIDTH + at) * span
      return replay.wanted?.(first, first + span) !== false
    },
  )
  const children = readAhead(positions.length, WINDOW, (at) => {
    const position = positions[at] ?? 0
    const index = above.index * TILE_WIDTH + position
    const root = above.bytes.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES)
    if (level === 0) replay.onAhead?.(index)
    return readChild(tree, { level, index, root }, tiles, replay)
  })
  for await (const { tile, bundle } of children) {
    if (bundle !== undefined) yield bundle
    else yield* replayBelow(tree, tile, [...tiles, tile], replay)
  }
}

async function readChild(
  tree: SignedTree,
  child: { readonly level: number; readonly index: number; readonly root: Uint8Array },
  tiles: readonly ProvenTile[],
  replay: Replay,
): Promise<{ tile: ProvenTile; bundle?: Bundle }> {
  const { level, index, root } = child
  const file = `${tree.folder}/${tilePath(level, index)}`
  const bytes = await readRequired(replay.read, file, TILE_BYTES)
  if (bytes.length !== TILE_BYTES || !equalBytes(subtreeRoot(bytes, replay.sha256), root)) {
    throw new VerifyError('tile_mismatch', file, 'the tile is not the one under the signed root')
  }
  const tile = { level, index, bytes }
  if (level > 0) return { tile }
  const rooted = { ...tile, root: treeHash(root) }
  return { tile, bundle: await readBundle(tree, rooted, [...tiles, tile], replay) }
}

async function readBundle(
  tree: SignedTree,
  { index, bytes: hashes, root }: ProvenTile & { readonly root: TreeHash | null },
  tiles: readonly ProvenTile[],
  { read, sha256 }: Replay,
): Promise<Bundle> {
  const { file, entries } = await readEntries(tree, index, hashes.length / HASH_BYTES, read)
  const first = index * TILE_WIDTH
  const hashEntry = createEntryHasher(tree.maxEntryBytes, sha256)
  let at = 0
  for (const entry of entries) {
    if (!standsAt(hashes, at, hashEntry(entry))) {
      const position = first + at / HASH_BYTES
      const message = `entry ${position} is not the one under the signed root`
      throw new VerifyError('entries_mismatch', file, message)
    }
    at += HASH_BYTES
  }
  return { index, first, file, entries, hashes, root, tiles }
}

/** Once an entry: a view for equalBytes would cost more than the comparison. */
function standsAt(hashes: Uint8Array, at: number, hash: Uint8Array): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (hashes[at + i] !== hash[i]) return false
  return true
}
