import { HASH_BYTES, nodeHash, type Sha256, subtreeRoot, type TreeHash } from './hash.ts'
import { parseTile, type ReadTile, TILE_WIDTH, tileWidth } from './tile.ts'

/** Leaves start (included) to end (excluded). */
export type Range = { readonly start: number; readonly end: number }

/** The hash of each range of leaves. Ranges are subtrees of RFC 6962, so they split into perfect subtrees. */
export async function hashRanges(
  ranges: readonly Range[],
  size: number,
  readTile: ReadTile,
  sha256: Sha256,
): Promise<TreeHash[]> {
  const read = readEachTileOnce(size, readTile)
  return Promise.all(
    ranges.map(async (range) => {
      const parts = await Promise.all(perfectSubtrees(range).map((part) => hashPart(part)))
      return parts.reduceRight((right, left) => nodeHash(left, right, sha256))
    }),
  )

  async function hashPart({ level, offset, count }: SubtreeInTile): Promise<TreeHash> {
    const tile = await read(level, Math.floor(offset / TILE_WIDTH))
    const first = (offset % TILE_WIDTH) * HASH_BYTES
    return subtreeRoot(tile.subarray(first, first + count * HASH_BYTES), sha256)
  }
}

/** A perfect subtree as `count` (1..128) neighbouring hashes of a tile level, from the `offset`-th on. */
type SubtreeInTile = { readonly level: number; readonly offset: number; readonly count: number }

/** A subtree of RFC 6962 starts at a multiple of its largest power of two, so the largest that fits is aligned. */
function perfectSubtrees({ start, end }: Range): SubtreeInTile[] {
  const parts: SubtreeInTile[] = []
  for (let leaf = start; leaf < end; ) {
    let leaves = 1
    while (leaf + leaves * 2 <= end) leaves *= 2
    let level = 0
    while (leaves >= TILE_WIDTH ** (level + 1)) level++
    const hashLeaves = TILE_WIDTH ** level
    parts.push({ level, offset: leaf / hashLeaves, count: leaves / hashLeaves })
    leaf += leaves
  }
  return parts
}

function readEachTileOnce(size: number, readTile: ReadTile) {
  const tiles = new Map<string, Promise<Uint8Array>>()
  return (level: number, index: number): Promise<Uint8Array> => {
    const width = tileWidth(level, index, size)
    const known = tiles.get(`${level}/${index}`)
    const tile = known ?? readTile(level, index, width).then((bytes) => parseTile(bytes, width))
    tiles.set(`${level}/${index}`, tile)
    return tile
  }
}
