import { EncodingError } from './hex.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NO_DIGIT = 255
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < 64; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit

/** Two digits for each twelve bits. */
const PAIRS = Array.from({ length: 4096 }, (_, bits) => digitOf(bits >> 6) + digitOf(bits & 63))

/** RFC 4648 §4 with padding. By table: leaves are made of digests, and the platform's way through `btoa` takes seven times as long. */
export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3)
  let text = ''
  for (let i = 0; i < whole; i += 3) {
    const bits = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2)
    text += pairOf(bits >> 12) + pairOf(bits & 4095)
  }
  const rest = bytes.length - whole
  if (rest === 1) text += `${pairOf(byteAt(bytes, whole) << 4)}==`
  if (rest === 2) {
    const bits = (byteAt(bytes, whole) << 10) | (byteAt(bytes, whole + 1) << 2)
    text += `${pairOf(bits >> 6)}${digitOf(bits & 63)}=`
  }
  return text
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

function digitOf(value: number): string {
  return ALPHABET.charAt(value)
}

function pairOf(bits: number): string {
  return PAIRS[bits] ?? ''
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}

function notBase64(): EncodingError {
  return new EncodingError('bad_base64', 'not padded base64 in its one spelling')
}
