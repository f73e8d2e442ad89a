import { concatBytes } from '../encoding/bytes.ts'
import { TlogError } from './error.ts'
import { emptyRoot, HASH_BYTES, nodeHash, type Sha256, subtreeRoot, type TreeHash } from './hash.ts'
import { parseTile, partialWidth, type ReadTile, TILE_BYTES, TILE_WIDTH } from './tile.ts'
import { checkTreeSize } from './tree-size.ts'

/**
 * All an appender must remember of a tree: per tile level the hashes of the one tile that is not full,
 * concatenated. At 500 million leaves that is at most 4 levels, 32 KiB.
 */
export type TreeEdge = { readonly size: number; readonly tails: readonly Uint8Array[] }

export type Tile = {
  readonly level: number
  readonly index: number
  readonly width: number
  readonly bytes: Uint8Array
}

type Tail = { readonly index: number; readonly bytes: Uint8Array; width: number }

export function emptyEdge(): TreeEdge {
  return { size: 0, tails: [] }
}

/**
 * Appends leaves and returns what a checkpoint of the new size needs beyond the full tiles that exist already:
 * every tile that became full, in the order it did, then the partial tile of each level.
 * One node hash a leaf; the edge passed in is not changed.
 */
export function appendLeafHashes(
  edge: TreeEdge,
  hashes: Iterable<TreeHash>,
  sha256: Sha256,
): { edge: TreeEdge; root: TreeHash; tiles: Tile[] } {
  const tiles: Tile[] = []
  const tails = edge.tails.map((tail, level) => openTail(tail, level, edge.size))
  let size = edge.size
  for (const hash of hashes) {
    pushHash(tails, 0, hash, tiles, sha256)
    size++
  }
  for (const [level, { index, width, bytes }] of tails.entries()) {
    if (width > 0) tiles.push({ level, index, width, bytes: bytes.slice(0, width * HASH_BYTES) })
  }
  const appended: TreeEdge = {
    size: checkTreeSize(size),
    tails: tails.map(({ bytes, width }) => bytes.slice(0, width * HASH_BYTES)),
  }
  return { edge: appended, root: edgeRoot(appended, sha256), tiles }
}

/** The root of RFC 6962: the perfect subtrees under the edge, folded from the right. */
export function edgeRoot(edge: TreeEdge, sha256: Sha256): TreeHash {
  let root: TreeHash | undefined
  for (const tail of edge.tails) {
    let end = tail.length / HASH_BYTES
    for (let span = 1; end > 0; span *= 2) {
      if ((end / span) % 2 === 0) continue
      const start = end - span
      const left = subtreeRoot(tail.subarray(start * HASH_BYTES, end * HASH_BYTES), sha256)
      root = root === undefined ? left : nodeHash(left, root, sha256)
      end = start
    }
  }
  return root ?? emptyRoot(sha256)
}

/**
 *   [0..8)  size, big-endian
 *   [8..)   per level, lowest first, the hashes of the tile that is not full; the size tells how many
 */
export function encodeEdge(edge: TreeEdge): Uint8Array {
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(edge.size))
  return concatBytes(size, ...edge.tails)
}

/** Throws TlogError `bad_edge`. Whether the hashes are right only edgeRoot against a known root can tell. */
export function parseEdge(bytes: Uint8Array): TreeEdge {
  if (bytes.length < 8) throw new TlogError('bad_edge', 'no size')
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
  if (!Number.isSafeInteger(size)) throw new TlogError('bad_edge', 'size too large')
  const tails: Uint8Array[] = []
  let offset = 8
  for (let level = 0; level < levelCount(size); level++) {
    const end = offset + partialWidth(level, size) * HASH_BYTES
    tails.push(new Uint8Array(bytes.subarray(offset, end)))
    offset = end
  }
  if (offset !== bytes.length) throw new TlogError('bad_edge', 'hashes do not fit the size')
  return { size, tails }
}

/** Rebuilds the edge from published tiles. The tiles are not trusted: compare edgeRoot with a verified checkpoint. */
export async function edgeFromTiles(size: number, readTile: ReadTile): Promise<TreeEdge> {
  const levels = Array.from({ length: levelCount(checkTreeSize(size)) }, (_, level) => level)
  const tails = await Promise.all(
    levels.map(async (level) => {
      const width = partialWidth(level, size)
      if (width === 0) return new Uint8Array(0)
      return new Uint8Array(parseTile(await readTile(level, tailIndex(level, size), width), width))
    }),
  )
  return { size, tails }
}

function pushHash(tails: Tail[], level: number, hash: TreeHash, tiles: Tile[], sha256: Sha256) {
  const tail = tails[level] ?? openTail(new Uint8Array(0), level, 0)
  tails[level] = tail
  tail.bytes.set(hash, tail.width * HASH_BYTES)
  tail.width++
  if (tail.width < TILE_WIDTH) return
  tiles.push({ level, index: tail.index, width: TILE_WIDTH, bytes: tail.bytes })
  tails[level] = { index: tail.index + 1, bytes: new Uint8Array(TILE_BYTES), width: 0 }
  pushHash(tails, level + 1, subtreeRoot(tail.bytes, sha256), tiles, sha256)
}

function openTail(hashes: Uint8Array, level: number, size: number): Tail {
  const bytes = new Uint8Array(TILE_BYTES)
  bytes.set(hashes)
  return { index: tailIndex(level, size), bytes, width: hashes.length / HASH_BYTES }
}

function tailIndex(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** (level + 1))
}

/** Levels that have at least one hash, full tiles included. */
function levelCount(size: number): number {
  let count = 0
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) count++
  return count
}
