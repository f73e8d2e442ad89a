import { join } from 'node:path'
import { HASH_BYTES, leafHash, type Sha256, subtreeRoot, treeHash } from '../tlog/hash.ts'
import { TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { VerifyError } from '../verify/error.ts'
import { readEntries } from '../verify/read-entries.ts'
import { type ReadFile, readRequired } from '../verify/read-file.ts'
import type { SignedTree } from '../verify/signed-tree.ts'
import { edgeIndex, readTreeEdge } from '../verify/tree-edge.ts'
import { eachAtOnce, findFile } from './durable-files.ts'
import { RegisterError } from './error.ts'

/**
 * Re-reads what a log serves below its signed root: the edge of every level, and whatever hangs under the edge of the
 * two lowest, which is the whole log up to 65,535 entries and the newest 256 to 65,791 of a larger one. `fsck` reads
 * everything. Throws `missing_file` or `hash_mismatch`, naming the file.
 */
export async function verifyServed(
  tree: SignedTree,
  publicFolder: string,
  sha256: Sha256,
): Promise<void> {
  const read: ReadFile = (path) => findFile(join(publicFolder, path))
  try {
    const [bundleEdge, tileEdge] = await readTreeEdge(tree, read, sha256)
    if (bundleEdge !== undefined) {
      await verifyBundle(tree, edgeIndex(0, tree.size), bundleEdge, read, sha256)
    }
    if (tileEdge === undefined) return
    const firstIndex = edgeIndex(1, tree.size) * TILE_WIDTH
    await eachAtOnce([...hashesOf(tileEdge).entries()], ([i, root]) =>
      verifyTile(tree, firstIndex + i, root, read, sha256),
    )
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause
    const code = cause.code === 'missing_file' ? 'missing_file' : 'hash_mismatch'
    throw new RegisterError(code, `${cause.file}: ${cause.message}`, cause)
  }
}

async function verifyTile(
  tree: SignedTree,
  index: number,
  root: Uint8Array,
  read: ReadFile,
  sha256: Sha256,
): Promise<void> {
  const path = `${tree.folder}/${tilePath(0, index)}`
  const hashes = await readRequired(read, path, TILE_BYTES)
  const whole = hashes.length === TILE_BYTES
  if (!whole || Buffer.compare(subtreeRoot(hashes, sha256), root) !== 0) {
    throw new RegisterError('hash_mismatch', `${path} is not the tile under the signed root`)
  }
  await verifyBundle(tree, index, hashes, read, sha256)
}

async function verifyBundle(
  tree: SignedTree,
  index: number,
  hashes: Uint8Array,
  read: ReadFile,
  sha256: Sha256,
): Promise<void> {
  const width = hashes.length / HASH_BYTES
  if (width === 0) return
  const { file, entries } = await readEntries(tree, index, width, read)
  for (const [i, hash] of hashesOf(hashes).entries()) {
    const entry = entries[i]
    if (entry === undefined || Buffer.compare(leafHash(entry, sha256), hash) !== 0) {
      throw new RegisterError('hash_mismatch', `${file} is not the bundle under the signed root`)
    }
  }
}

function hashesOf(bytes: Uint8Array) {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    treeHash(bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  )
}
