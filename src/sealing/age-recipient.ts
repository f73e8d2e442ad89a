import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { expand, extract, hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { base64nopad, bech32 } from '@scure/base'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { SealingError } from './error.ts'
import type { RandomBytes } from './parameters.ts'

/** A native recipient as age spells it, with a good checksum. */
export type AgeRecipient =
  | { readonly kind: 'hybrid'; readonly kemKey: Uint8Array; readonly point: Uint8Array }
  | { readonly kind: 'x25519'; readonly point: Uint8Array }

/** One recipient's stanza: its first line without the arrow, and its body. */
export type AgeStanza = { readonly line: string; readonly body: Uint8Array }

const KEM_KEY_BYTES = 1184
const KEM_CIPHER_BYTES = 1088
const POINT_BYTES = 32
const NO_NONCE = new Uint8Array(12)
const HYBRID_LABEL = utf8('age-encryption.org/mlkem768x25519')
const X25519_LABEL = utf8('age-encryption.org/v1/X25519')
/** The label of X-Wing (draft-connolly-cfrg-xwing-kem): a drawing of a fighter. */
const X_WING_LABEL = utf8('\\.//^\\')
/** HPKE (RFC 9180) with KEM 0x647a, HKDF-SHA256 and ChaCha20-Poly1305. */
const HPKE_SUITE = concatBytes(utf8('HPKE'), Uint8Array.of(0x64, 0x7a, 0, 1, 0, 3))

/** Throws `bad_recipient` for anything but `age1pq1…` and `age1…`. */
export function parseAgeRecipient(text: string): AgeRecipient {
  if (text.startsWith('age1pq1')) {
    const bytes = bech32Bytes(text, 'age1pq', KEM_KEY_BYTES + POINT_BYTES)
    return {
      kind: 'hybrid',
      kemKey: bytes.subarray(0, KEM_KEY_BYTES),
      point: bytes.subarray(KEM_KEY_BYTES),
    }
  }
  return { kind: 'x25519', point: bech32Bytes(text, 'age', POINT_BYTES) }
}

/** The recipient of `identityFromSeed(seed)`. */
export function hybridRecipientOfSeed(seed: Uint8Array): string {
  const { kem, scalar } = hybridKeys(seed)
  const point = x25519.getPublicKey(scalar)
  return bech32.encode('age1pq', bech32.toWords(concatBytes(kem.publicKey, point)), false)
}

/** The file key of a hybrid stanza that was written for this seed. Throws `cannot_open` for any other. */
export function unwrapHybrid(seed: Uint8Array, { line, body }: AgeStanza): Uint8Array {
  const { kem, scalar } = hybridKeys(seed)
  try {
    const sent = base64nopad.decode(/^mlkem768x25519 (\S+)$/.exec(line)?.[1] ?? '')
    const share = sent.subarray(KEM_CIPHER_BYTES)
    const kemSecret = ml_kem768.decapsulate(sent.subarray(0, KEM_CIPHER_BYTES), kem.secretKey)
    const shared = x25519.getSharedSecret(scalar, share)
    const point = x25519.getPublicKey(scalar)
    const secret = sha3_256(concatBytes(kemSecret, shared, share, point, X_WING_LABEL))
    const { key, nonce } = hpkeKey(secret, HYBRID_LABEL)
    return chacha20poly1305(key, nonce).decrypt(body)
  } catch (cause) {
    throw new SealingError('cannot_open', 'not for this identity', cause)
  } finally {
    kem.secretKey.fill(0)
    scalar.fill(0)
  }
}

/** The keys of X-Wing that follow from its seed. */
function hybridKeys(seed: Uint8Array) {
  if (seed.length !== 32) throw new SealingError('bad_key', 'an identity seed has 32 bytes')
  const stretched = shake256(seed, { dkLen: 96 })
  const kem = ml_kem768.keygen(stretched.subarray(0, 64))
  const scalar = stretched.slice(64)
  stretched.fill(0)
  return { kem, scalar }
}

/** Only the holder of the recipient's identity gets `fileKey` back. */
export function wrapFileKey(
  recipient: AgeRecipient,
  fileKey: Uint8Array,
  random: RandomBytes,
): AgeStanza {
  return recipient.kind === 'hybrid'
    ? wrapHybrid(recipient, fileKey, random)
    : wrapX25519(recipient.point, fileKey, random)
}

function wrapX25519(point: Uint8Array, fileKey: Uint8Array, random: RandomBytes): AgeStanza {
  const ephemeral = random(32)
  const share = x25519.getPublicKey(ephemeral)
  const shared = x25519.getSharedSecret(ephemeral, point)
  const key = hkdf(sha256, shared, concatBytes(share, point), X25519_LABEL, 32)
  ephemeral.fill(0)
  return {
    line: `X25519 ${base64nopad.encode(share)}`,
    body: chacha20poly1305(key, NO_NONCE).encrypt(fileKey),
  }
}

// X-Wing first, then the key schedule of HPKE in its base mode.
function wrapHybrid(
  { kemKey, point }: Extract<AgeRecipient, { kind: 'hybrid' }>,
  fileKey: Uint8Array,
  random: RandomBytes,
): AgeStanza {
  const kem = ml_kem768.encapsulate(kemKey, random(32))
  const ephemeral = random(32)
  const share = x25519.getPublicKey(ephemeral)
  const shared = x25519.getSharedSecret(ephemeral, point)
  ephemeral.fill(0)
  const secret = sha3_256(concatBytes(kem.sharedSecret, shared, share, point, X_WING_LABEL))
  const { key, nonce } = hpkeKey(secret, HYBRID_LABEL)
  return {
    line: `mlkem768x25519 ${base64nopad.encode(concatBytes(kem.cipherText, share))}`,
    body: chacha20poly1305(key, nonce).encrypt(fileKey),
  }
}

function hpkeKey(shared: Uint8Array, info: Uint8Array) {
  const empty = new Uint8Array()
  const context = concatBytes(
    Uint8Array.of(0),
    labeledExtract(undefined, 'psk_id_hash', empty),
    labeledExtract(undefined, 'info_hash', info),
  )
  const secret = labeledExtract(shared, 'secret', empty)
  return {
    key: labeledExpand(secret, 'key', context, 32),
    nonce: labeledExpand(secret, 'base_nonce', context, 12),
  }
}

function labeledExtract(salt: Uint8Array | undefined, label: string, material: Uint8Array) {
  return extract(sha256, concatBytes(utf8('HPKE-v1'), HPKE_SUITE, utf8(label), material), salt)
}

function labeledExpand(secret: Uint8Array, label: string, info: Uint8Array, length: number) {
  const labeled = [Uint8Array.of(0, length), utf8('HPKE-v1'), HPKE_SUITE, utf8(label), info]
  return expand(sha256, secret, concatBytes(...labeled), length)
}

function bech32Bytes(text: string, prefix: string, length: number): Uint8Array {
  try {
    const decoded = bech32.decode(text, false)
    const bytes = bech32.fromWords(decoded.words)
    if (decoded.prefix === prefix && bytes.length === length) return bytes
  } catch {
    // Said below without the cause, whose message quotes the text.
  }
  throw new SealingError('bad_recipient', 'not an age recipient')
}
