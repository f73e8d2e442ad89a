import { TlogError } from './error.ts'
import { HASH_BYTES } from './hash.ts'
import { checkTreeSize } from './tree-size.ts'

/** C2SP tlog-tiles: hashes of eight tree levels at a time, 256 wide, and entry bundles of the same width. */
export const TILE_WIDTH = 256
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES
const LENGTH_BYTES = 2
const MAX_ENTRY_BYTES = 0xffff

/** Which tile, and how many hashes of it a tree of some size holds. */
export type TileCoordinates = {
  readonly level: number
  readonly index: number
  readonly width: number
}

export type TilePath =
  | ({ readonly kind: 'tile' } & TileCoordinates)
  | { readonly kind: 'entries'; readonly index: number; readonly width: number }

/** Reads a tile; it may be wider than asked for, because a partial may be gone once the full tile exists. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Uint8Array>

export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  if (!Number.isInteger(level) || level < 0 || level > 63) {
    throw new TlogError('bad_path', `no tile level ${level}`)
  }
  return `tile/${level}/${numberPath(index)}${partialSuffix(width)}`
}

export function entriesPath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${numberPath(index)}${partialSuffix(width)}`
}

const PATH =
  /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** Accepts exactly what tilePath and entriesPath write. Throws TlogError `bad_path`. */
export function parseTilePath(path: string): TilePath {
  const [, level, groups, digits] = PATH.exec(path) ?? []
  if (level === undefined || groups === undefined)
    throw new TlogError('bad_path', 'not a tile path')
  const index = Number(groups.replaceAll(/[x/]/g, ''))
  const width = Number(digits ?? TILE_WIDTH)
  const entries = level === 'entries'
  // Refuses what the grammar lets through: widths of 256 and more, leading groups of zeros.
  const canonical = entries ? entriesPath(index, width) : tilePath(Number(level), index, width)
  if (canonical !== path) throw new TlogError('bad_path', 'not a canonical tile path')
  return entries
    ? { kind: 'entries', index, width }
    : { kind: 'tile', level: Number(level), index, width }
}

/** How many hashes the partial tile of a level holds in a tree of `size`; 0 where there is none. */
export function partialWidth(level: number, size: number): number {
  return hashesAtLevel(level, size) % TILE_WIDTH
}

/** How many hashes of one tile a tree of `size` holds, 0..256. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAtLevel(level, size) - index * TILE_WIDTH))
}

/** Every tile a checkpoint of `size` implies, level by level, the partial one last. Lazy: 500 million leaves have two million. */
export function* tilesForSize(size: number): Generator<TileCoordinates> {
  checkTreeSize(size)
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    const tiles = Math.ceil(hashesAtLevel(level, size) / TILE_WIDTH)
    for (let index = 0; index < tiles; index++) {
      yield { level, index, width: tileWidth(level, index, size) }
    }
  }
}

/** The first `width` hashes of a tile file that may be wider. Throws TlogError `bad_tile`. */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array {
  const whole = bytes.length % HASH_BYTES === 0 && bytes.length <= TILE_BYTES
  if (!whole || bytes.length < width * HASH_BYTES) {
    throw new TlogError('bad_tile', `not a tile of ${width} hashes`)
  }
  return bytes.subarray(0, width * HASH_BYTES)
}

/**
 * 1 to 256 times, one after the other:
 *   [0..2)    length n of the entry, big-endian
 *   [2..2+n)  the entry
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw new TlogError('bad_bundle', `a bundle holds 1 to ${TILE_WIDTH} entries`)
  }
  const length = entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0)
  const bundle = new Uint8Array(length)
  let offset = 0
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new TlogError('bad_bundle', 'entry too long')
    bundle[offset] = entry.length >> 8
    bundle[offset + 1] = entry.length & 0xff
    bundle.set(entry, offset + LENGTH_BYTES)
    offset += LENGTH_BYTES + entry.length
  }
  return bundle
}

/** The entries are views into `bytes`. The caller compares their number with the width its path promises. */
export function parseEntryBundle(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length > TILE_WIDTH * (LENGTH_BYTES + MAX_ENTRY_BYTES)) {
    throw new TlogError('bad_bundle', 'bundle too long')
  }
  const entries: Uint8Array[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const high = bytes[offset]
    const low = bytes[offset + 1]
    if (high === undefined || low === undefined) throw new TlogError('bad_bundle', 'cut length')
    const end = offset + LENGTH_BYTES + high * 256 + low
    if (end > bytes.length) throw new TlogError('bad_bundle', 'cut entry')
    if (entries.length === TILE_WIDTH) throw new TlogError('bad_bundle', 'more than 256 entries')
    entries.push(bytes.subarray(offset + LENGTH_BYTES, end))
    offset = end
  }
  if (entries.length === 0) throw new TlogError('bad_bundle', 'empty bundle')
  return entries
}

/** Dividing by a power of two is exact, so this is right for every safe integer. */
function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** 1234067 → `x001/x234/067`. */
function numberPath(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new TlogError('bad_path', 'no such tile')
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
}

function partialSuffix(width: number): string {
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new TlogError('bad_path', `no tile is ${width} wide`)
  }
  return width === TILE_WIDTH ? '' : `.p/${width}`
}
