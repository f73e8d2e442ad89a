import { utf8 } from '../encoding/bytes.ts'

/** Characters of 32 bytes in padded base64. */
export const DIGEST_CHARS = 44
const EQUALS = 0x3d

const NOT_BASE64 = 64
const SEXTETS = new Uint8Array(128).fill(NOT_BASE64)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (const [sextet, byte] of utf8(alphabet).entries()) SEXTETS[byte] = sextet

/**
 * The 32 bytes whose canonical base64 stands at `at`, or undefined where anything else does. Salts and commitments are
 * most of what a register serves: fromBase64, which allocates four times on the way, would double the time of a replay.
 */
export function readDigest(text: string, at: number): Uint8Array | undefined {
  const digest = new Uint8Array(32)
  const tail = at + 40
  let seen = 0
  for (let i = at, byte = 0; i < tail; i += 4, byte += 3) {
    const a = sextet(text, i)
    const b = sextet(text, i + 1)
    const c = sextet(text, i + 2)
    const d = sextet(text, i + 3)
    seen |= a | b | c | d
    digest[byte] = (a << 2) | (b >> 4)
    digest[byte + 1] = (b << 4) | (c >> 2)
    digest[byte + 2] = (c << 6) | d
  }
  const a = sextet(text, tail)
  const b = sextet(text, tail + 1)
  const c = sextet(text, tail + 2)
  digest[30] = (a << 2) | (b >> 4)
  digest[31] = (b << 4) | (c >> 2)
  // The two bits of the last character that no byte has are zero, so that one value has one spelling.
  const canonical = (c & 3) === 0 && text.charCodeAt(tail + 3) === EQUALS
  return canonical && (seen | a | b | c) < NOT_BASE64 ? digest : undefined
}

function sextet(text: string, at: number): number {
  return SEXTETS[text.charCodeAt(at)] ?? NOT_BASE64
}
