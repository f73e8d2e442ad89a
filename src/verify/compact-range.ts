import { emptyRoot, nodeHash, type Sha256, type TreeHash } from '../tlog/hash.ts'

type Peak = { readonly hash: TreeHash; readonly span: number }

/**
 * The roots of the perfect subtrees that cover the leaves seen so far, widest first: at most 53 hashes.
 * From it the root at any size is found while the leaves stream by, so archived checkpoints cost no second pass.
 */
export type CompactRange = readonly Peak[]

/** Appends a perfect subtree of `span` leaves; the size so far must be a multiple of `span`. */
export function pushSubtree(
  range: CompactRange,
  hash: TreeHash,
  span: number,
  sha256: Sha256,
): CompactRange {
  const peaks = [...range]
  let peak: Peak = { hash, span }
  for (let last = peaks.at(-1); last?.span === peak.span; last = peaks.at(-1)) {
    peaks.pop()
    peak = { hash: nodeHash(last.hash, peak.hash, sha256), span: 2 * peak.span }
  }
  return [...peaks, peak]
}

export function compactRangeRoot(range: CompactRange, sha256: Sha256): TreeHash {
  let root: TreeHash | undefined
  for (const { hash } of range.toReversed()) {
    root = root === undefined ? hash : nodeHash(hash, root, sha256)
  }
  return root ?? emptyRoot(sha256)
}
