import { EncodingError } from './hex.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NO_DIGIT = 255
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < 64; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit

const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0))
const PADDING = 0x3d

/** Digits that one call turns into text: leaves are made of digests, and a string that grows pair by pair takes twice as long. */
const PIECE_BYTES = 48

/** RFC 4648 §4 with padding. */
export function toBase64(bytes: Uint8Array): string {
  if (bytes.length <= PIECE_BYTES) return pieceToBase64(bytes)
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(pieceToBase64(bytes.subarray(at, at + PIECE_BYTES)))
  }
  return pieces.join('')
}

export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3)
}

/** Writes the same digits as ASCII into `target` and returns the offset after them. */
export function writeBase64(bytes: Uint8Array, target: Uint8Array | number[], at: number): number {
  const whole = bytes.length - (bytes.length % 3)
  let offset = at
  for (let i = 0; i < whole; i += 3) {
    const bits = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2)
    target[offset] = codeOf(bits >> 18)
    target[offset + 1] = codeOf(bits >> 12)
    target[offset + 2] = codeOf(bits >> 6)
    target[offset + 3] = codeOf(bits)
    offset += 4
  }
  if (whole === bytes.length) return offset
  const bits = (byteAt(bytes, whole) << 16) | (byteAt(bytes, whole + 1) << 8)
  target[offset] = codeOf(bits >> 18)
  target[offset + 1] = codeOf(bits >> 12)
  target[offset + 2] = bytes.length - whole === 2 ? codeOf(bits >> 6) : PADDING
  target[offset + 3] = PADDING
  return offset + 4
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

// Digests are the bulk: one list of their length is kept and filled again.
const digestCodes: number[] = new Array(base64Length(32)).fill(PADDING)

function pieceToBase64(bytes: Uint8Array): string {
  const isDigest = bytes.length === 32
  const codes = isDigest ? digestCodes : new Array<number>(base64Length(bytes.length)).fill(PADDING)
  writeBase64(bytes, codes, 0)
  return String.fromCharCode.apply(null, codes)
}

/** The digit of the lowest six bits. */
function codeOf(bits: number): number {
  return CODES[bits & 63] ?? PADDING
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}

function notBase64(): EncodingError {
  return new EncodingError('bad_base64', 'not padded base64 in its one spelling')
}
