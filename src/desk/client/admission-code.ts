import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'

/**
 * Sixteen digits over a name and its two public keys, for two people to compare by voice: 53 bits, so that
 * a server that swaps keys cannot search for a pair with the same code while they talk.
 */
export function admissionCode(keys: {
  readonly volunteer: string
  readonly recipient: string
  readonly signingKey: Uint8Array
}): string {
  const text = `avow/admission/v1\n${keys.volunteer}\n${keys.recipient}\n${toBase64(keys.signingKey)}\n`
  const digest = sha256(utf8(text))
  const view = new DataView(digest.buffer, digest.byteOffset)
  return Array.from({ length: 4 }, (_, i) =>
    String(view.getUint32(4 * i) % 10_000).padStart(4, '0'),
  ).join(' ')
}
