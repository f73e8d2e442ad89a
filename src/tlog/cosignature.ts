import { utf8 } from '../encoding/bytes.ts'
import { type Ed25519Verify, nobleEd25519 } from './ed25519.ts'
import { TlogError } from './error.ts'
import type { COSIGNATURE_V1, SigningKey, VerifierKey } from './note-key.ts'
import { checkTreeSize } from './tree-size.ts'

export const COSIGNATURE_BYTES = 72

export type VerifiedCosignature = {
  readonly key: VerifierKey<typeof COSIGNATURE_V1>
  /** POSIX seconds at which the witness saw no larger tree of this log. */
  readonly time: number
}

/**
 * C2SP tlog-cosignature v1 over a whole checkpoint body with its last newline:
 *   [0..8)   POSIX seconds, big-endian
 *   [8..72)  Ed25519 signature
 */
export function cosign(
  body: string,
  timeSeconds: number,
  signer: SigningKey<typeof COSIGNATURE_V1>,
): Uint8Array {
  const message = cosignedMessage(body, timeSeconds)
  const signature = new Uint8Array(COSIGNATURE_BYTES)
  new DataView(signature.buffer).setBigUint64(0, BigInt(timeSeconds))
  signature.set(signer.sign(message), 8)
  return signature
}

export function verifyCosignature(
  { body, signature }: { readonly body: string; readonly signature: Uint8Array },
  key: VerifierKey<typeof COSIGNATURE_V1>,
  verify: Ed25519Verify = nobleEd25519.verify,
): VerifiedCosignature {
  if (signature.length !== COSIGNATURE_BYTES) {
    throw new TlogError('bad_cosignature', `a cosignature is ${COSIGNATURE_BYTES} bytes`)
  }
  const view = new DataView(signature.buffer, signature.byteOffset, signature.length)
  const time = Number(view.getBigUint64(0))
  if (!Number.isSafeInteger(time)) throw new TlogError('bad_cosignature', 'no such time')
  if (!verify(signature.subarray(8), cosignedMessage(body, time), key.publicKey)) {
    throw new TlogError('signature_mismatch', `cosignature of ${key.name} does not verify`)
  }
  return { key, time }
}

function cosignedMessage(body: string, timeSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${checkTreeSize(timeSeconds)}\n${body}`)
}
