import { EncodingError } from './hex.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NO_DIGIT = 255
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < 64; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit

/** RFC 4648 §4 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // 0x8000 arguments at a time: engines bound the number of arguments of one call.
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  }
  return btoa(binary)
}

/** Strict: padding present, no white space, unused bits zero, so that one value has one spelling. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw notBase64()
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let held = 0
  let at = 0
  for (let i = 0; i < digits; i++) {
    const digit = DIGITS[text.charCodeAt(i)] ?? NO_DIGIT
    if (digit === NO_DIGIT) throw notBase64()
    held = ((held << 6) | digit) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = held >> bits
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw notBase64()
  return bytes
}

function notBase64(): EncodingError {
  return new EncodingError('bad_base64', 'not padded base64 in its one spelling')
}
