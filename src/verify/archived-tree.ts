import { equalBytes } from '../encoding/bytes.ts'
import { HASH_BYTES, type Sha256, subtreeRoot, type TreeHash } from '../tlog/hash.ts'
import {
  encodeEntryBundle,
  entriesPath,
  partialWidth,
  TILE_BYTES,
  TILE_WIDTH,
  tilePath,
} from '../tlog/tile.ts'
import { type CompactRange, compactRangeRoot, pushSubtree } from './compact-range.ts'
import { VerifyError } from './error.ts'
import type { ReadFile } from './read-file.ts'
import type { Bundle } from './replay-tree.ts'
import { edgeIndex } from './tree-edge.ts'

/** The root of the first `size` leaves, where `before` covers the bundles before the one that ends at `size`. */
export function rootInBundle(
  before: CompactRange,
  bundle: Bundle,
  size: number,
  sha256: Sha256,
): TreeHash {
  let range = before
  let at = 0
  const count = size - bundle.first
  for (let span = TILE_WIDTH; span >= 1; span /= 2) {
    if (count - at < span) continue
    const hashes = bundle.hashes.subarray(at * HASH_BYTES, (at + span) * HASH_BYTES)
    range = pushSubtree(range, subtreeRoot(hashes, sha256), span, sha256)
    at += span
  }
  return compactRangeRoot(range, sha256)
}

/**
 * A checkpoint of `size` was published, so its partial tiles were served. Those still there must say what the
 * log says today, and one may only be gone where its full tile has taken its place.
 */
export async function verifyArchivedPartials(
  folder: string,
  size: number,
  bundle: Bundle,
  read: ReadFile,
  maxBundleBytes: number,
): Promise<void> {
  for (const tile of bundle.tiles) {
    const width = partialWidth(tile.level, size)
    if (width === 0 || edgeIndex(tile.level, size) !== tile.index) continue
    const path = (full: number) => `${folder}/${tilePath(tile.level, tile.index, full)}`
    const hashes = tile.bytes.subarray(0, width * HASH_BYTES)
    await verifyPartial(path(width), path(TILE_WIDTH), hashes, read, TILE_BYTES)
  }
  const width = partialWidth(0, size)
  if (width === 0) return
  const path = (full: number) => `${folder}/${entriesPath(bundle.index, full)}`
  const entries = encodeEntryBundle(bundle.entries.slice(0, width))
  await verifyPartial(path(width), path(TILE_WIDTH), entries, read, maxBundleBytes)
}

async function verifyPartial(
  file: string,
  full: string,
  expected: Uint8Array,
  read: ReadFile,
  maxBytes: number,
): Promise<void> {
  const bytes = await read(file, maxBytes)
  if (bytes === undefined) {
    if ((await read(full, maxBytes)) !== undefined) return
    throw new VerifyError(
      'missing_file',
      file,
      'a partial tile is gone before its full tile exists',
    )
  }
  if (!equalBytes(bytes, expected)) {
    throw new VerifyError('tile_mismatch', file, 'the partial tile differs from the log')
  }
}
