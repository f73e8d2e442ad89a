import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../encoding/bytes.ts'

const SALT = utf8('avow/epoch/v1')
const ROW = utf8('row')
const NEXT = utf8('next')

export type RowKey = { readonly key: Uint8Array; readonly nonce: Uint8Array }

/**
 * Overwrites `chainKey` (k_i) with k_(i+1) and returns the key of row i. Nothing that is left can be
 * turned back into k_i; whoever holds the returned key wipes it after one use.
 */
export function stepRatchet(chainKey: Uint8Array): RowKey {
  const secret = extract(sha256, chainKey, SALT)
  const row = expand(sha256, secret, ROW, 56)
  const next = expand(sha256, secret, NEXT, 32)
  chainKey.set(next)
  next.fill(0)
  secret.fill(0)
  return { key: row.subarray(0, 32), nonce: row.subarray(32, 56) }
}

/** Overwrites `chainKey` with the next one without the cost of a row key. */
export function skipRow(chainKey: Uint8Array): void {
  const secret = extract(sha256, chainKey, SALT)
  const next = expand(sha256, secret, NEXT, 32)
  chainKey.set(next)
  next.fill(0)
  secret.fill(0)
}
