import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64nopad } from '@scure/base'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { type AgeStanza, parseAgeRecipient, wrapFileKey } from './age-recipient.ts'
import type { RandomBytes } from './parameters.ts'

/** Of plaintext in each chunk; each is sealed with a tag of its own. */
export const CHUNK_BYTES = 64 * 1024
export const TAG_BYTES = 16
export const NONCE_BYTES = 16
const BODY_LINE_BYTES = 48

/**
 * An age file to one recipient, written from the specification so that a page a stranger loads stays small and its
 * randomness is given. The bytes are sealed as they are: pad first. `age.ts` and the `age` command open it.
 */
export function writeAgeFile(recipient: string, bytes: Uint8Array, random: RandomBytes) {
  const fileKey = random(16)
  const stanza = wrapFileKey(parseAgeRecipient(recipient), fileKey, random)
  const head = utf8(`age-encryption.org/v1\n${stanzaText(stanza)}---`)
  const mac = headerMac(fileKey, head)
  const nonce = random(NONCE_BYTES)
  const key = payloadKey(fileKey, nonce)
  fileKey.fill(0)
  return concatBytes(head, utf8(` ${base64nopad.encode(mac)}\n`), nonce, sealChunks(key, bytes))
}

/** Over everything before the space of the last line. */
export function headerMac(fileKey: Uint8Array, head: Uint8Array): Uint8Array {
  return hmac(sha256, hkdf(sha256, fileKey, undefined, utf8('header'), 32), head)
}

export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, nonce, utf8('payload'), 32)
}

/** How many bytes were sealed into an age file whose payload, nonce included, has `length` bytes; -1 for no such length. */
export function sealedBytes(length: number): number {
  const chunks = Math.ceil((length - NONCE_BYTES) / (CHUNK_BYTES + TAG_BYTES))
  const bytes = length - NONCE_BYTES - chunks * TAG_BYTES
  return chunks >= 1 && bytes >= 0 ? bytes : -1
}

function stanzaText({ line, body }: AgeStanza): string {
  const lines = [`-> ${line}`]
  // A last line shorter than the others ends the body, empty if need be.
  for (let at = 0; at <= body.length; at += BODY_LINE_BYTES) {
    lines.push(base64nopad.encode(body.subarray(at, at + BODY_LINE_BYTES)))
  }
  return `${lines.join('\n')}\n`
}

function sealChunks(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = []
  const count = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES))
  for (let i = 0; i < count; i++) {
    const nonce = chunkNonce(i, i === count - 1)
    const chunk = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)
    chunks.push(chacha20poly1305(key, nonce).encrypt(chunk))
  }
  return concatBytes(...chunks)
}

/** Eleven bytes that count, and one that marks the last chunk. */
export function chunkNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(7, index)
  if (isLast) nonce[11] = 1
  return nonce
}
