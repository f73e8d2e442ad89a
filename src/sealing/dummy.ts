import { concatBytes, equalBytes, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { pad, requireSizeClass } from './padding.ts'

/**
 * What stands inside the seal of an envelope that nobody sent: `avow/dummy/v1\n`, 64 hex digits of its secret, spaces to the
 * end of its size class. Its id is SHA-256("avow/dummy/v1\n" ‖ secret): whoever opened it can show that nobody sent it,
 * and whoever did not open it cannot tell its id from any other.
 */
const FORMAT = utf8('avow/dummy/v1\n')
const SECRET_BYTES = 32
const HEAD_BYTES = FORMAT.length + 2 * SECRET_BYTES

export function padDummy(secret: Uint8Array, sizeClass: number): Uint8Array {
  requireSizeClass(sizeClass)
  const content = new Uint8Array(sizeClass - 4).fill(0x20)
  content.set(FORMAT)
  content.set(utf8(toHex(secret)), FORMAT.length)
  return pad(content)
}

/** The secret of a dummy, undefined for anything a person may have sent. */
export function findDummySecret(content: Uint8Array): Uint8Array | undefined {
  if (content.length < HEAD_BYTES) return undefined
  if (!equalBytes(content.subarray(0, FORMAT.length), FORMAT)) return undefined
  const digits = String.fromCharCode(...content.subarray(FORMAT.length, HEAD_BYTES))
  if (!/^[0-9a-f]{64}$/.test(digits)) return undefined
  return content.subarray(HEAD_BYTES).every((byte) => byte === 0x20) ? fromHex(digits) : undefined
}

export function dummyId(secret: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  return sha256(concatBytes(FORMAT, secret))
}
