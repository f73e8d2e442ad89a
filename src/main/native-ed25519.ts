import { createPublicKey, verify } from 'node:crypto'
import { concatBytes } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'

/** SubjectPublicKeyInfo of RFC 8410 up to the 32 bytes of the key. */
const SPKI_PREFIX = fromHex('302a300506032b6570032100')

/** Node's own verification: ten times as fast as the portable one, by the same rules of RFC 8032. */
export const nativeEd25519Verify: Ed25519Verify = (signature, message, publicKey) => {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const der = Buffer.from(concatBytes(SPKI_PREFIX, publicKey))
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}
