import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { formatLines, parseLines } from '../encoding/lines.ts'
import type { Checkpoint } from './checkpoint.ts'
import { edgeRoot } from './edge.ts'
import { TlogError, tlogErrorFrom } from './error.ts'
import {
  HASH_BYTES,
  leafHash,
  type Sha256,
  subtreeRoot,
  type TreeHash,
  treeHash,
  treeHashFromBase64,
} from './hash.ts'
import { inclusionProof, verifyInclusion } from './proof.ts'
import { parseTile, partialWidth, type ReadTile, TILE_WIDTH, tilePath } from './tile.ts'
import { parseTreeSize } from './tree-size.ts'

/** Entries under one anchor: a hash of level 2. */
export const ANCHOR_SPAN = TILE_WIDTH * TILE_WIDTH
const ANCHOR_LEVEL = 2
const ANCHOR_PROOF_HASHES = 16
const MAX_ORIGIN_BYTES = 255
const HEADER = 'avow/anchors/v1'
const PROOF_HEADER = 'avow/anchor-proof/v1'
/** 2^32 entries have 65,536 anchors of 45 bytes a line. */
export const MAX_ANCHORS_BYTES = 4 * 1024 * 1024
export const MAX_ANCHOR_PROOF_BYTES = 128 * 1024

/**
 * The roots of every whole 65,536 entries of a log. They never change: who holds a copy that was verified once needs no
 * signature to check a proof to one of them.
 */
export type Anchors = { readonly origin: string; readonly hashes: readonly TreeHash[] }
export type AnchorProof = {
  readonly origin: string
  readonly index: number
  readonly entry: Uint8Array
  /** From the entry's sibling upward. */
  readonly proof: readonly TreeHash[]
}

/** From the tiles of a tree whose root is signed. Throws TlogError `bad_tile` where they do not make that root. */
export async function anchorsOf(
  { origin, size, root }: Checkpoint,
  readTile: ReadTile,
  sha256: Sha256,
): Promise<Anchors> {
  const tails: Uint8Array[] = []
  for (let level = 0; size >= TILE_WIDTH ** level && size > 0; level++) {
    const width = partialWidth(level, size)
    const index = Math.floor(size / TILE_WIDTH ** (level + 1))
    const bytes = width === 0 ? new Uint8Array(0) : await readTile(level, index, width)
    tails.push(parseTile(bytes, width))
  }
  if (!equalBytes(edgeRoot({ size, tails }, sha256), root)) throw badTile('the edge of the tree')
  return { origin, hashes: await hashesAbove(ANCHOR_LEVEL, tails, readTile, sha256) }
}

/** All hashes of a level: those under the full tiles that the level above proves, then the rest. */
async function hashesAbove(
  level: number,
  tails: readonly Uint8Array[],
  readTile: ReadTile,
  sha256: Sha256,
): Promise<TreeHash[]> {
  const tail = tails[level]
  if (tail === undefined) return []
  const hashes: TreeHash[] = []
  const roots = await hashesAbove(level + 1, tails, readTile, sha256)
  for (const [index, root] of roots.entries()) {
    const bytes = parseTile(await readTile(level, index, TILE_WIDTH), TILE_WIDTH)
    if (!equalBytes(subtreeRoot(bytes, sha256), root)) throw badTile(tilePath(level, index))
    hashes.push(...hashesIn(bytes))
  }
  return [...hashes, ...hashesIn(tail)]
}

function hashesIn(bytes: Uint8Array): TreeHash[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    treeHash(bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  )
}

export function formatAnchors({ origin, hashes }: Anchors): Uint8Array {
  return formatLines([HEADER, `origin ${origin}`, ...hashes.map(toBase64)])
}

/** Throws TlogError `bad_anchors`. */
export function parseAnchors(bytes: Uint8Array): Anchors {
  try {
    const [header, origin, ...hashes] = parseLines(bytes, MAX_ANCHORS_BYTES)
    if (header !== HEADER) throw badAnchors(`not ${HEADER}`)
    return { origin: parseOrigin(origin), hashes: hashes.map(treeHashFromBase64) }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_anchors', 'not a file of anchors')
  }
}

export async function anchorProof(
  { origin, index, entry }: Omit<AnchorProof, 'proof'>,
  readTile: ReadTile,
  sha256: Sha256,
): Promise<AnchorProof> {
  const anchor = Math.floor(index / ANCHOR_SPAN)
  // Below the anchor stands a tree of its own: 256 tiles of level 0 and one of level 1.
  const below: ReadTile = (level, tile, width) =>
    readTile(level, anchor * (level === 0 ? TILE_WIDTH : 1) + tile, width)
  const proof = await inclusionProof(index % ANCHOR_SPAN, ANCHOR_SPAN, below, sha256)
  return { origin, index, entry, proof }
}

/** Throws TlogError `inclusion_mismatch`, and `bad_anchors` where there is no anchor for the index. */
export function verifyAnchorProof(
  { origin, index, entry, proof }: AnchorProof,
  anchors: Anchors,
  sha256: Sha256,
): { readonly origin: string; readonly index: number; readonly entry: Uint8Array } {
  const root = anchors.hashes[Math.floor(index / ANCHOR_SPAN)]
  if (origin !== anchors.origin) throw badAnchors('the anchors are of another log')
  if (root === undefined) throw badAnchors('the entry is newer than the anchors')
  const within = { index: index % ANCHOR_SPAN, size: ANCHOR_SPAN }
  verifyInclusion({ ...within, leafHash: leafHash(entry, sha256), root, proof }, sha256)
  return { origin, index, entry }
}

export function formatAnchorProof({ origin, index, entry, proof }: AnchorProof): Uint8Array {
  const head = [PROOF_HEADER, `origin ${origin}`, `index ${index}`, `entry ${toBase64(entry)}`]
  return formatLines([...head, ...proof.map(toBase64)])
}

/** Throws TlogError `bad_proof`. */
export function parseAnchorProof(bytes: Uint8Array): AnchorProof {
  try {
    const [header, origin, index, entry, ...hashes] = parseLines(bytes, MAX_ANCHOR_PROOF_BYTES)
    const complete = index?.startsWith('index ') === true && entry?.startsWith('entry ') === true
    if (header !== PROOF_HEADER || !complete || hashes.length !== ANCHOR_PROOF_HASHES) {
      throw new TlogError('bad_proof', 'not 20 lines of an anchor proof')
    }
    return {
      origin: parseOrigin(origin),
      index: parseTreeSize(index.slice(6)),
      entry: fromBase64(entry.slice(6)),
      proof: hashes.map(treeHashFromBase64),
    }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_proof', 'not an anchor proof')
  }
}

function parseOrigin(line: string | undefined): string {
  const origin = line?.startsWith('origin ') ? line.slice(7) : ''
  if (origin === '' || origin.length > MAX_ORIGIN_BYTES) throw badAnchors('no origin')
  return origin
}

function badTile(what: string): TlogError {
  return new TlogError('bad_tile', `${what} is not under the signed root`)
}

function badAnchors(message: string): TlogError {
  return new TlogError('bad_anchors', message)
}
