import { ed25519 } from '@noble/curves/ed25519.js'

/** Answers false for anything that is not a signature, whatever its bytes; the caller throws. */
export type Ed25519Verify = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean

/** The seed is the 32-byte private key of RFC 8032. */
export type Ed25519Sign = (message: Uint8Array, seed: Uint8Array) => Uint8Array

/** The same everywhere, browser included; a server may pass its own faster functions instead. */
export const nobleEd25519: {
  readonly sign: Ed25519Sign
  readonly verify: Ed25519Verify
  readonly publicKey: (seed: Uint8Array) => Uint8Array
} = {
  sign: (message, seed) => ed25519.sign(message, seed),
  verify: (signature, message, publicKey) =>
    signature.length === 64 &&
    publicKey.length === 32 &&
    // RFC 8032, not ZIP 215: the rules of Go's and most other verifiers.
    ed25519.verify(signature, message, publicKey, { zip215: false }),
  publicKey: (seed) => ed25519.getPublicKey(seed),
}
