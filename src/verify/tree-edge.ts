import { equalBytes } from '../encoding/bytes.ts'
import { edgeRoot } from '../tlog/edge.ts'
import { HASH_BYTES, leafHash, type Sha256, subtreeRoot } from '../tlog/hash.ts'
import { partialWidth, TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { readEntries } from './read-entries.ts'
import { type ReadFile, readRequired } from './read-file.ts'
import type { SignedTree } from './signed-tree.ts'

/**
 * Reads the partial tile of every level and checks that together they make the signed root. From then on
 * every other file is checked against a hash that is already proven, so the first that fails is the false one.
 */
export async function readTreeEdge(
  tree: SignedTree,
  read: ReadFile,
  sha256: Sha256,
): Promise<readonly Uint8Array[]> {
  const tails: Uint8Array[] = []
  for (let level = 0; tree.size >= TILE_WIDTH ** level && tree.size > 0; level++) {
    tails.push(await readPartialTile(tree, level, read))
  }
  if (!equalBytes(edgeRoot({ size: tree.size, tails }, sha256), tree.root)) {
    throw await findFalseEdge(tree, tails, read, sha256)
  }
  return tails
}

/** The index of the tile of a level that is not full. */
export function edgeIndex(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** (level + 1))
}

/** A partial may be gone once its full tile exists: then its hashes are the first of the full one. */
async function readPartialTile(tree: SignedTree, level: number, read: ReadFile) {
  const width = partialWidth(level, tree.size)
  if (width === 0) return new Uint8Array(0)
  const index = edgeIndex(level, tree.size)
  const path = `${tree.folder}/${tilePath(level, index, width)}`
  const partial = await read(path, TILE_BYTES)
  const fullPath = `${tree.folder}/${tilePath(level, index)}`
  const full = partial === undefined ? await read(fullPath, TILE_BYTES) : undefined
  const bytes = partial ?? full?.subarray(0, width * HASH_BYTES)
  if (bytes === undefined) throw new VerifyError('missing_file', path, 'the tile is missing')
  if (bytes.length !== width * HASH_BYTES) {
    const file = partial === undefined ? fullPath : path
    throw new VerifyError('tile_mismatch', file, `the tile does not hold ${width} hashes`)
  }
  return bytes
}

/**
 * The edge tiles do not make the signed root. Each can be computed from the files below it: the one
 * that has to be replaced to reach the root is the false one.
 */
async function findFalseEdge(
  tree: SignedTree,
  tails: readonly Uint8Array[],
  read: ReadFile,
  sha256: Sha256,
): Promise<VerifyError> {
  const rebuilt = await Promise.all(tails.map((_, level) => rebuildTail(tree, level, read, sha256)))
  const leadsToRoot = (candidate: readonly Uint8Array[]) =>
    equalBytes(edgeRoot({ size: tree.size, tails: candidate }, sha256), tree.root)
  for (const [level, tail] of rebuilt.entries()) {
    if (tail.length > 0 && leadsToRoot(tails.with(level, tail))) return falseTile(tree, level)
  }
  const wrong = rebuilt.findIndex((tail, level) => !equalBytes(tail, tails[level] ?? tail))
  if (wrong >= 0 && leadsToRoot(rebuilt)) return falseTile(tree, wrong)
  return new VerifyError(
    'root_mismatch',
    tree.signedIn,
    `the tiles of ${tree.folder} do not make the root that is signed for ${tree.size} entries`,
  )
}

function falseTile(tree: SignedTree, level: number): VerifyError {
  const path = tilePath(level, edgeIndex(level, tree.size), partialWidth(level, tree.size))
  return new VerifyError(
    'tile_mismatch',
    `${tree.folder}/${path}`,
    'the hashes of the tile are not those of the files below it',
  )
}

async function rebuildTail(tree: SignedTree, level: number, read: ReadFile, sha256: Sha256) {
  const width = partialWidth(level, tree.size)
  const index = edgeIndex(level, tree.size)
  const tail = new Uint8Array(width * HASH_BYTES)
  if (width === 0) return tail
  if (level === 0) {
    const { entries } = await readEntries(tree, index, width, read)
    for (const [i, entry] of entries.entries()) {
      tail.set(leafHash(entry, sha256), i * HASH_BYTES)
    }
    return tail
  }
  for (let i = 0; i < width; i++) {
    const path = `${tree.folder}/${tilePath(level - 1, index * TILE_WIDTH + i)}`
    const bytes = await readRequired(read, path, TILE_BYTES)
    if (bytes.length !== TILE_BYTES) {
      throw new VerifyError('tile_mismatch', path, `the tile does not hold ${TILE_WIDTH} hashes`)
    }
    tail.set(subtreeRoot(bytes, sha256), i * HASH_BYTES)
  }
  return tail
}
