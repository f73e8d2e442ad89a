import { equalBytes } from '../encoding/bytes.ts'
import { HASH_BYTES, type Sha256, subtreeRoot, type TreeHash } from '../tlog/hash.ts'
import type { VerifiedCheckpoint } from '../tlog/policy.ts'
import { encodeEntryBundle, entriesPath, partialWidth, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { archiveFile } from './archive.ts'
import { type CompactRange, compactRangeRoot, pushSubtree } from './compact-range.ts'
import { VerifyError } from './error.ts'
import { verifyContinues } from './growth-proof.ts'
import type { LogName, TreeHead } from './latest.ts'
import type { ReadFile } from './read-file.ts'
import type { Bundle } from './replay-tree.ts'
import { maxBundleBytes, type SignedTree } from './signed-tree.ts'
import { edgeIndex } from './tree-edge.ts'
import type { Trust } from './trust.ts'
import { verifyNote } from './verify-note.ts'

/**
 * The checkpoint that was published at `size` is signed and was one of this tree. The partial tiles it implied were
 * served: those still there must say what the log says today, and one may only be gone where its full
 * tile has taken its place.
 */
export async function verifyArchivedTree(
  log: LogName,
  size: number,
  bundle: Bundle,
  before: CompactRange,
  tree: SignedTree & { readonly origin: string },
  trust: Trust,
): Promise<VerifiedCheckpoint> {
  const root = rootInBundle(before, bundle, size, trust.sha256)
  const verified = await verifyArchivedNote(log, { size, root }, tree.origin, trust)
  await verifyPartials(tree, size, bundle, trust.read)
  return verified
}

/** The same without the partial tiles, where the pass does not see everything before the bundle. */
export async function verifyArchivedGrowth(
  log: LogName,
  size: number,
  tree: SignedTree & { readonly origin: string },
  trust: Trust,
): Promise<VerifiedCheckpoint> {
  const file = archiveFile(log, size)
  const verified = await verifyNote(file, tree.origin, trust)
  const { checkpoint } = verified
  if (checkpoint.size !== size) {
    throw new VerifyError('checkpoint_mismatch', file, `it is of size ${checkpoint.size}`)
  }
  await verifyContinues(log, checkpoint, tree, file, trust)
  return verified
}

/** The archived note of this size is signed and has the root that the log has today. */
export async function verifyArchivedNote(
  log: LogName,
  { size, root }: TreeHead,
  origin: string,
  trust: Trust,
): Promise<VerifiedCheckpoint> {
  const file = archiveFile(log, size)
  const verified = await verifyNote(file, origin, trust)
  const { checkpoint } = verified
  if (checkpoint.size !== size || !equalBytes(checkpoint.root, root)) {
    throw new VerifyError(
      'checkpoint_mismatch',
      file,
      `the log signed ${checkpoint.size} entries here that are not the first ${size} of today`,
    )
  }
  return verified
}

/** The root of the first `size` leaves, where `before` covers the bundles before the one that ends at `size`. */
function rootInBundle(
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

type PartialCode = 'tile_mismatch' | 'entries_mismatch'

async function verifyPartials(tree: SignedTree, size: number, bundle: Bundle, read: ReadFile) {
  const verify = (
    code: PartialCode,
    path: (width: number) => string,
    width: number,
    bytes: Uint8Array,
  ) => verifyPartial(code, path(width), path(TILE_WIDTH), bytes, maxBundleBytes(tree), read)
  for (const tile of bundle.tiles) {
    const width = partialWidth(tile.level, size)
    if (width === 0 || edgeIndex(tile.level, size) !== tile.index) continue
    const path = (wide: number) => `${tree.folder}/${tilePath(tile.level, tile.index, wide)}`
    await verify('tile_mismatch', path, width, tile.bytes.subarray(0, width * HASH_BYTES))
  }
  const width = partialWidth(0, size)
  if (width === 0) return
  const path = (wide: number) => `${tree.folder}/${entriesPath(bundle.index, wide)}`
  await verify('entries_mismatch', path, width, encodeEntryBundle(bundle.entries.slice(0, width)))
}

async function verifyPartial(
  code: PartialCode,
  file: string,
  fullFile: string,
  expected: Uint8Array,
  maxFullBytes: number,
  read: ReadFile,
): Promise<void> {
  const bytes = await read(file, expected.length)
  if (bytes === undefined) {
    if ((await read(fullFile, maxFullBytes)) !== undefined) return
    throw new VerifyError(
      'missing_file',
      file,
      'a partial tile is gone before its full tile exists',
    )
  }
  if (!equalBytes(bytes, expected)) {
    throw new VerifyError(code, file, 'the partial tile differs from the log')
  }
}
