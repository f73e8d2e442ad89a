/** Randomness and signature checks come in from outside, so that tests and faster engines can supply them. */
export type RandomBytes = (length: number) => Uint8Array

export type Ed25519Verify = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean
