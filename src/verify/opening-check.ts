import type { Sha256 } from '../declaration/commitment.ts'
import { utf8 } from '../encoding/bytes.ts'
import type { Part } from './part-rules.ts'

const DIGEST_BYTES = 32
const HEADERS: Readonly<Record<Part, Uint8Array>> = {
  body: utf8('avow/body/v1\0'),
  name: utf8('avow/name/v1\0'),
  about: utf8('avow/about/v1\0'),
}
const SEXTETS = new Uint8Array(128)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (const [sextet, byte] of utf8(alphabet).entries()) SEXTETS[byte] = sextet

export type OpeningCheck = (
  part: Part,
  salt: string,
  value: Uint8Array,
  commitment: string,
) => 'opens' | 'differs'

/**
 * Does what verifyOpening does, for digests in the base64 that leaves and content lines are written in, whose grammar
 * the caller has proven. Some three openings a declaration: the buffers are kept, so that hashing is what takes time.
 */
export function createOpeningCheck(sha256: Sha256): OpeningCheck {
  const wanted = new Uint8Array(DIGEST_BYTES)
  let preimage = new Uint8Array(1024)
  return (part, salt, value, commitment) => {
    const header = HEADERS[part]
    const start = header.length + DIGEST_BYTES
    const length = start + value.length
    if (length > preimage.length) preimage = new Uint8Array(2 * length)
    preimage.set(header)
    decodeDigest(salt, preimage, header.length)
    preimage.set(value, start)
    decodeDigest(commitment, wanted, 0)
    const digest = sha256(preimage.subarray(0, length))
    for (let i = 0; i < DIGEST_BYTES; i++) if (digest[i] !== wanted[i]) return 'differs'
    return 'opens'
  }
}

/** 43 characters and one `=`: ten times 4 characters to 3 bytes, then 3 characters to 2 bytes. */
function decodeDigest(text: string, into: Uint8Array, offset: number): void {
  let at = offset
  for (let i = 0; i < 40; i += 4) {
    const bits =
      (sextet(text, i) << 18) |
      (sextet(text, i + 1) << 12) |
      (sextet(text, i + 2) << 6) |
      sextet(text, i + 3)
    into[at] = bits >> 16
    into[at + 1] = (bits >> 8) & 0xff
    into[at + 2] = bits & 0xff
    at += 3
  }
  const bits = (sextet(text, 40) << 10) | (sextet(text, 41) << 4) | (sextet(text, 42) >> 2)
  into[at] = bits >> 8
  into[at + 1] = bits & 0xff
}

function sextet(text: string, i: number): number {
  return SEXTETS[text.charCodeAt(i)] ?? 0
}
