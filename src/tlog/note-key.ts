import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { type Bytes, brandBytes, concatBytes, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type Ed25519Sign, nobleEd25519 } from './ed25519.ts'
import { TlogError } from './error.ts'

/** Signature types of C2SP signed-note that we verify. The algorithm is a property of the key. */
export const ED25519 = 0x01
export const COSIGNATURE_V1 = 0x04
export type SignatureType = typeof ED25519 | typeof COSIGNATURE_V1

export type Ed25519PublicKey = Bytes<'Ed25519PublicKey'>

/** Name and id together pick the key for a signature line; four bytes of id alone are no proof of anything. */
export type VerifierKey<Type extends SignatureType = SignatureType> = {
  readonly name: string
  readonly id: string
  readonly type: Type
  readonly publicKey: Ed25519PublicKey
}

export type SigningKey<Type extends SignatureType = SignatureType> = {
  readonly key: VerifierKey<Type>
  readonly sign: (message: Uint8Array) => Uint8Array
}

const MAX_NAME_BYTES = 255
const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{4,64}={0,2})$/

export function verifierKey<Type extends SignatureType>(
  name: string,
  type: Type,
  publicKey: Uint8Array,
): VerifierKey<Type> {
  checkKeyName(name)
  if (publicKey.length !== 32) throw new TlogError('bad_key', 'an Ed25519 key is 32 bytes')
  const branded: Ed25519PublicKey = brandBytes(publicKey, 'Ed25519PublicKey', 32)
  return { name, id: keyId(name, type, publicKey), type, publicKey: branded }
}

/** `<name>+<8 hex of the id>+<base64(type ‖ public key)>`, in which the id must fit the rest. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const [, name, id, base64] = VERIFIER_KEY.exec(vkey) ?? []
  if (name === undefined || base64 === undefined)
    throw new TlogError('bad_key', 'not a verifier key')
  const material = materialBytes(base64)
  if (keyIdOf(name, material) !== id) throw new TlogError('bad_key', 'the id does not fit the key')
  const type = material[0]
  if (type !== ED25519 && type !== COSIGNATURE_V1) {
    throw new TlogError('unknown_algorithm', `no signature type ${type}`)
  }
  return verifierKey(name, type, material.slice(1))
}

export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`
}

export function hasType<Type extends SignatureType>(
  key: VerifierKey,
  type: Type,
): key is VerifierKey<Type> {
  return key.type === type
}

/** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key), in hex. */
export function keyId(name: string, type: SignatureType, publicKey: Uint8Array): string {
  return keyIdOf(name, concatBytes(Uint8Array.of(type), publicKey))
}

/** A key that signs notes as `name`. The seed stays in the closure and is never part of the returned value. */
export function signingKey<Type extends SignatureType>(
  name: string,
  type: Type,
  seed: Uint8Array,
  ed25519: {
    readonly sign: Ed25519Sign
    readonly publicKey: (seed: Uint8Array) => Uint8Array
  } = nobleEd25519,
): SigningKey<Type> {
  const key = verifierKey(name, type, ed25519.publicKey(seed))
  return { key, sign: (message) => ed25519.sign(message, seed) }
}

/** Key names stand on signature lines: no Unicode space, no plus, no control character. Throws TlogError `bad_key`. */
export function checkKeyName(name: string): string {
  const spoils = name === '' || /[\s\p{Cc}\p{Z}+]/v.test(name) || !name.isWellFormed()
  if (spoils || utf8(name).length > MAX_NAME_BYTES) throw new TlogError('bad_key', 'not a key name')
  return name
}

function keyIdOf(name: string, material: Uint8Array): string {
  return toHex(sha256(concatBytes(utf8(`${name}\n`), material)).subarray(0, 4))
}

function materialBytes(base64: string): Uint8Array {
  try {
    return fromBase64(base64)
  } catch (cause) {
    throw new TlogError('bad_key', 'key material is not base64', { cause })
  }
}
