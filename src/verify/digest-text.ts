import { utf8 } from '../encoding/bytes.ts'

export const DIGEST_BYTES = 32
/** The same in padded base64. */
export const DIGEST_CHARS = 44
const EQUALS = 0x3d

const NOT_BASE64 = 64
const SEXTETS = new Uint8Array(128).fill(NOT_BASE64)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (const [sextet, byte] of utf8(alphabet).entries()) SEXTETS[byte] = sextet

/** 32 bytes inside others: an array of their own for each salt and commitment is what a replay would spend its time on. */
export type DigestIn = { readonly bytes: Uint8Array; readonly at: number }

export function digestOf(bytes: Uint8Array): DigestIn {
  return { bytes, at: 0 }
}

/**
 * Puts the 32 bytes whose canonical base64 stands at `from` of the text to `at` of the bytes. Undefined where anything
 * else stands there. fromBase64 takes twenty times as long, and this is asked seven times a declaration.
 */
export function readDigest(
  text: string,
  from: number,
  bytes: Uint8Array,
  at: number,
): DigestIn | undefined {
  const tail = from + 40
  let seen = 0
  for (let i = from, byte = at; i < tail; i += 4, byte += 3) {
    const a = sextet(text, i)
    const b = sextet(text, i + 1)
    const c = sextet(text, i + 2)
    const d = sextet(text, i + 3)
    seen |= a | b | c | d
    bytes[byte] = (a << 2) | (b >> 4)
    bytes[byte + 1] = (b << 4) | (c >> 2)
    bytes[byte + 2] = (c << 6) | d
  }
  const a = sextet(text, tail)
  const b = sextet(text, tail + 1)
  const c = sextet(text, tail + 2)
  bytes[at + 30] = (a << 2) | (b >> 4)
  bytes[at + 31] = (b << 4) | (c >> 2)
  // The two bits of the last character that no byte has are zero, so that one value has one spelling.
  const canonical = (c & 3) === 0 && text.charCodeAt(tail + 3) === EQUALS
  return canonical && (seen | a | b | c) < NOT_BASE64 ? { bytes, at } : undefined
}

function sextet(text: string, at: number): number {
  return SEXTETS[text.charCodeAt(at)] ?? NOT_BASE64
}
