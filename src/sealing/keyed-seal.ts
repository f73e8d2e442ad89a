import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { type Aead, nobleXChaCha20Poly1305 } from './aead.ts'
import { SealingError } from './error.ts'
import type { RandomBytes } from './parameters.ts'

const NONCE_BYTES = 24

/**
 * [0..24)  nonce
 * [24..)   XChaCha20-Poly1305 of the bytes, tag last
 * `context` is authenticated, not stored: what was sealed for one place does not open in another.
 */
export function sealWithKey(
  key: Uint8Array,
  context: string,
  bytes: Uint8Array,
  random: RandomBytes,
  aead: Aead = nobleXChaCha20Poly1305,
): Uint8Array {
  requireKey(key)
  const nonce = random(NONCE_BYTES)
  return concatBytes(nonce, aead.seal(key, nonce, bound(context), bytes))
}

export function openWithKey(
  key: Uint8Array,
  context: string,
  sealed: Uint8Array,
  aead: Aead = nobleXChaCha20Poly1305,
): Uint8Array {
  requireKey(key)
  const nonce = sealed.subarray(0, NONCE_BYTES)
  try {
    return aead.open(key, nonce, bound(context), sealed.subarray(NONCE_BYTES))
  } catch (cause) {
    throw new SealingError('cannot_open', 'wrong key or context, or altered bytes', cause)
  }
}

function requireKey(key: Uint8Array): void {
  if (key.length !== 32) throw new SealingError('bad_key', 'a sealing key has 32 bytes')
}

// The context is last in the associated data, so its own line breaks cannot be mistaken for a separator.
function bound(context: string): Uint8Array {
  return utf8(`avow/keyed/v1\n${context}`)
}
