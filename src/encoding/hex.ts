export class EncodingError extends Error {
  override readonly name = 'EncodingError'
  readonly code: 'bad_hex' | 'bad_base64' | 'bad_line'
  constructor(code: EncodingError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Lower case only, even length: one value has one spelling. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new EncodingError('bad_hex', 'not lower-case hex of even length')
  }
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
