import { EncodingError } from './hex.ts'

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
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new EncodingError('bad_base64', 'not padded base64')
  }
  const binary = atob(text)
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
  if (btoa(binary) !== text) throw new EncodingError('bad_base64', 'base64 with stray bits')
  return bytes
}
