import { hash } from 'node:crypto'

/**
 * RFC 6962 section 2.1 word for word, quadratic and independent of src/tlog, to compare with.
 * Lists of leaf hashes stand for D[n].
 */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = leaves
  if (only === undefined) return sha256(new Uint8Array(0))
  if (others.length === 0) return only
  const k = split(leaves.length)
  return naiveNode(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

export function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...naivePath(index, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(index - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

export function naiveProof(oldSize: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return naiveSubproof(oldSize, leaves, true)
}

function naiveSubproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...naiveSubproof(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...naiveSubproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

function naiveNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([Uint8Array.of(1), left, right]))
}

function split(length: number): number {
  return 2 ** Math.floor(Math.log2(length - 1))
}
