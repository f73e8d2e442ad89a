declare const brand: unique symbol

/** Raw bytes that carry their meaning in the type, so that a hash cannot stand where a key is asked for. */
export type Bytes<Name extends string> = Uint8Array & { readonly [brand]: Name }

/** Names bytes after their length was checked. Throws RangeError with `name` when it does not fit. */
export function brandBytes<Name extends string>(
  bytes: Uint8Array,
  name: Name,
  length: number,
): Bytes<Name> {
  if (bytes.length !== length) {
    throw new RangeError(`${name}: expected ${length} bytes, got ${bytes.length}`)
  }
  return bytes as Bytes<Name>
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

// Making one for each call costs more than the call.
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Throws TypeError on bytes that are not UTF-8; a byte order mark is kept as text. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
