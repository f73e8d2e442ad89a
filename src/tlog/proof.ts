import { equalBytes } from '../encoding/bytes.ts'
import { TlogError } from './error.ts'
import { emptyRoot, nodeHash, type Sha256, type TreeHash } from './hash.ts'
import { hashRanges, type Range } from './range-hash.ts'
import type { ReadTile } from './tile.ts'
import { checkIndex, checkTreeSize, splitPoint } from './tree-size.ts'

/** A tree of 2^53 leaves has 53 levels; the witness protocol allows 63 lines. */
export const MAX_PROOF_HASHES = 63

export type VerifiedInclusion = {
  readonly leafHash: TreeHash
  readonly index: number
  readonly size: number
  readonly root: TreeHash
}

export type VerifiedConsistency = {
  readonly oldSize: number
  readonly oldRoot: TreeHash
  readonly newSize: number
  readonly newRoot: TreeHash
}

type InclusionClaim = VerifiedInclusion & { readonly proof: readonly TreeHash[] }
type ConsistencyClaim = VerifiedConsistency & { readonly proof: readonly TreeHash[] }

/** RFC 6962 section 2.1.1, from tiles. Tampered tiles give a proof that does not verify: check before use. */
export async function inclusionProof(
  index: number,
  size: number,
  readTile: ReadTile,
  sha256: Sha256,
): Promise<TreeHash[]> {
  checkIndex(index, size)
  const siblings: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    siblings.push(index < middle ? { start: middle, end } : { start, end: middle })
    if (index < middle) end = middle
    else start = middle
  }
  return hashRanges(siblings.reverse(), size, readTile, sha256)
}

/** RFC 6962 section 2.1.2, from tiles of the new size. Empty when nothing was there before or nothing was added. */
export async function consistencyProof(
  oldSize: number,
  newSize: number,
  readTile: ReadTile,
  sha256: Sha256,
): Promise<TreeHash[]> {
  checkTreeSize(newSize)
  if (checkTreeSize(oldSize) > newSize) throw new TlogError('bad_size', 'old size above new size')
  if (oldSize === 0 || oldSize === newSize) return []
  const ranges: Range[] = []
  let [start, end] = [0, newSize]
  while (end !== oldSize) {
    const middle = start + splitPoint(end - start)
    ranges.push(oldSize <= middle ? { start: middle, end } : { start, end: middle })
    if (oldSize <= middle) end = middle
    else start = middle
  }
  // The verifier holds the old root, so the subtree is left out where it is the whole old tree.
  if (start > 0) ranges.push({ start, end })
  return hashRanges(ranges.reverse(), newSize, readTile, sha256)
}

/** RFC 9162 section 2.1.3.2. Every field may come from an attacker; throws TlogError `inclusion_mismatch`. */
export function verifyInclusion(claim: InclusionClaim, sha256: Sha256): VerifiedInclusion {
  const { leafHash, index, size, root, proof } = claim
  checkIndex(index, size)
  let node = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) throw inclusionMismatch('proof too long')
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash, sha256)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      hash = nodeHash(hash, sibling, sha256)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  if (last !== 0) throw inclusionMismatch('proof too short')
  if (!equalBytes(hash, root)) throw inclusionMismatch('the proof leads to another root')
  return { leafHash, index, size, root }
}

/** RFC 9162 section 2.1.4.2, and for empty trees the root of nothing. Throws TlogError `consistency_mismatch`. */
export function verifyConsistency(claim: ConsistencyClaim, sha256: Sha256): VerifiedConsistency {
  const { oldSize, oldRoot, newSize, newRoot } = claim
  checkTreeSize(newSize)
  if (checkTreeSize(oldSize) > newSize) throw new TlogError('bad_size', 'old size above new size')
  if (oldSize === 0 || oldSize === newSize) verifyWithoutHashes(claim, sha256)
  else verifyGrowth(claim, sha256)
  return { oldSize, oldRoot, newSize, newRoot }
}

function verifyWithoutHashes(claim: ConsistencyClaim, sha256: Sha256): void {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim
  if (proof.length > 0) throw consistencyMismatch('proof too long')
  if (oldSize === 0 && !equalBytes(oldRoot, emptyRoot(sha256))) {
    throw consistencyMismatch('an empty tree has one root')
  }
  if (oldSize === newSize && !equalBytes(oldRoot, newRoot)) {
    throw consistencyMismatch('two roots for one size')
  }
}

function verifyGrowth(claim: ConsistencyClaim, sha256: Sha256): void {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim
  let node = oldSize - 1
  let last = newSize - 1
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  const path = node === 0 ? [oldRoot, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined) throw consistencyMismatch('proof too short')
  let oldHash = first
  let newHash = first
  for (const sibling of rest) {
    if (last === 0) throw consistencyMismatch('proof too long')
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash, sha256)
      newHash = nodeHash(sibling, newHash, sha256)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      newHash = nodeHash(newHash, sibling, sha256)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  if (last !== 0) throw consistencyMismatch('proof too short')
  if (!equalBytes(oldHash, oldRoot))
    throw consistencyMismatch('the proof leads to another old root')
  if (!equalBytes(newHash, newRoot))
    throw consistencyMismatch('the proof leads to another new root')
}

function inclusionMismatch(message: string): TlogError {
  return new TlogError('inclusion_mismatch', message)
}

function consistencyMismatch(message: string): TlogError {
  return new TlogError('consistency_mismatch', message)
}
