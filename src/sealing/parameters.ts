/**
 * Randomness and signature checks come in from outside, so that tests and faster engines can supply them.
 * RandomBytes returns fresh bytes that the callee owns and may overwrite.
 */
export type RandomBytes = (length: number) => Uint8Array

export type Ed25519Verify = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean
