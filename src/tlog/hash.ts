import { fromBase64 } from '../encoding/base64.ts'
import { type Bytes, brandBytes } from '../encoding/bytes.ts'
import { TlogError } from './error.ts'

/** A SHA-256 node, leaf or root hash of an RFC 6962 tree. */
export type TreeHash = Bytes<'TreeHash'>

/** Must be synchronous, must not keep its argument and must return fresh bytes: inputs are reused buffers. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export const HASH_BYTES = 32

// Entries of our logs are some hundred bytes: one buffer for all of them spares an appender an allocation a leaf.
const leafPreimage = new Uint8Array(1024)

/** SHA-256(0x00 ‖ entry), RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array, sha256: Sha256): TreeHash {
  if (entry.length < leafPreimage.length) {
    leafPreimage.set(entry, 1)
    return treeHash(sha256(leafPreimage.subarray(0, 1 + entry.length)))
  }
  const preimage = new Uint8Array(1 + entry.length)
  preimage.set(entry, 1)
  return treeHash(sha256(preimage))
}

/** SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1. */
export function nodeHash(left: TreeHash, right: TreeHash, sha256: Sha256): TreeHash {
  const preimage = new Uint8Array(1 + 2 * HASH_BYTES)
  preimage[0] = 0x01
  preimage.set(left, 1)
  preimage.set(right, 1 + HASH_BYTES)
  return treeHash(sha256(preimage))
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(sha256: Sha256): TreeHash {
  return treeHash(sha256(new Uint8Array(0)))
}

/** The root over 2^k concatenated hashes, k = 0..8. Hashes in place in one copy; the appender spends its time here. */
export function subtreeRoot(hashes: Uint8Array, sha256: Sha256): TreeHash {
  // Not slice(): on the Buffer that a file reader hands over it would be a view, and the caller's tile overwritten.
  const rows = new Uint8Array(hashes)
  const preimage = new Uint8Array(1 + 2 * HASH_BYTES)
  preimage[0] = 0x01
  for (let length = rows.length; length > HASH_BYTES; length /= 2) {
    for (let pair = 0; pair < length; pair += 2 * HASH_BYTES) {
      // A view to copy from would cost more than the copy.
      for (let i = 0; i < 2 * HASH_BYTES; i++) preimage[1 + i] = rows[pair + i] ?? 0
      rows.set(sha256(preimage), pair / 2)
    }
  }
  return treeHash(rows.slice(0, HASH_BYTES))
}

export function treeHash(bytes: Uint8Array): TreeHash {
  if (bytes.length !== HASH_BYTES) throw new TlogError('bad_hash', 'a tree hash is 32 bytes')
  return brandBytes(bytes, 'TreeHash', HASH_BYTES)
}

/** A hash on a line of its own in checkpoints, proofs and witness messages. Throws TlogError `bad_hash`. */
export function treeHashFromBase64(text: string): TreeHash {
  if (text.length !== 44) throw new TlogError('bad_hash', 'a tree hash is 44 characters of base64')
  try {
    return treeHash(fromBase64(text))
  } catch (cause) {
    throw new TlogError('bad_hash', 'a tree hash is 32 bytes in base64', { cause })
  }
}
