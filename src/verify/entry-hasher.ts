import { leafHash, type Sha256 } from '../tlog/hash.ts'

export type EntryHasher = (entry: Uint8Array) => Uint8Array

/** leafHash for entry after entry of at most `maxBytes`, in one buffer instead of a copy for each. */
export function createEntryHasher(maxBytes: number, sha256: Sha256): EntryHasher {
  const preimage = new Uint8Array(1 + maxBytes)
  return (entry) => {
    if (entry.length > maxBytes) return leafHash(entry, sha256)
    preimage.set(entry, 1)
    return sha256(preimage.subarray(0, 1 + entry.length))
  }
}
