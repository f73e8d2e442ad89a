import { hchacha, xchacha20poly1305 } from '@noble/ciphers/chacha.js'

/** Authenticated encryption. `open` throws whatever it likes when the tag does not match; callers translate. */
export type Aead = {
  readonly seal: AeadStep
  readonly open: AeadStep
}
type AeadStep = (
  key: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
  bytes: Uint8Array,
) => Uint8Array

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), 32-byte key, 24-byte nonce, tag at the end. */
export const nobleXChaCha20Poly1305: Aead = {
  seal: (key, nonce, context, bytes) => xchacha20poly1305(key, nonce, context).encrypt(bytes),
  open: (key, nonce, context, bytes) => xchacha20poly1305(key, nonce, context).decrypt(bytes),
}

/** The same cipher over a ChaCha20-Poly1305 (RFC 8439, 12-byte nonce) of the platform's own library. */
export function xchacha20Poly1305With(inner: Aead): Aead {
  return { seal: extended(inner.seal), open: extended(inner.open) }
}

function extended(step: AeadStep): AeadStep {
  return (key, nonce, context, bytes) => {
    const subkey = hchacha20(key, nonce.subarray(0, 16))
    // Section 2.3 of the draft: four zero bytes, then the last eight of the nonce.
    const innerNonce = new Uint8Array(12)
    innerNonce.set(nonce.subarray(16), 4)
    const result = step(subkey, innerNonce, context, bytes)
    subkey.fill(0)
    return result
  }
}

// "expand 32-byte k" as bytes, so that the words have the platform's byte order as noble expects.
const SIGMA = new Uint32Array(new TextEncoder().encode('expand 32-byte k').buffer)

function hchacha20(key: Uint8Array, prefix: Uint8Array): Uint8Array {
  const subkey = new Uint32Array(8)
  const keyCopy = Uint8Array.from(key)
  hchacha(SIGMA, words(keyCopy), words(Uint8Array.from(prefix)), subkey)
  keyCopy.fill(0)
  return new Uint8Array(subkey.buffer)
}

function words(owned: Uint8Array): Uint32Array {
  return new Uint32Array(owned.buffer, owned.byteOffset, owned.length / 4)
}
