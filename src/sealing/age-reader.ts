import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { base64nopad } from '@scure/base'
import { concatBytes, equalBytes } from '../encoding/bytes.ts'
import { type AgeStanza, unwrapHybrid } from './age-recipient.ts'
import {
  CHUNK_BYTES,
  chunkNonce,
  headerMac,
  NONCE_BYTES,
  payloadKey,
  TAG_BYTES,
} from './age-writer.ts'
import { SealingError } from './error.ts'

const HEAD =
  /^age-encryption\.org\/v1\n((?:-> [!-~]+(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)+)--- ([A-Za-z0-9+/]{43})\n/
const STANZA = /-> (?<line>.*)\n(?<body>(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)/g
/** Each stanza costs a decapsulation: a longer header is not even read. */
const HEAD_MAX_BYTES = 16 * 1024

/**
 * Opens an age file that was sealed to the hybrid identity of `seed`, written from the specification so that a page stays
 * small; whoever has `age.ts` uses that. `file` is attacker-controlled. Throws SealingError `cannot_open`.
 */
export function readAgeFile(seed: Uint8Array, file: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(file.subarray(0, HEAD_MAX_BYTES))
  const [head, stanzas = '', mac = ''] = HEAD.exec(text) ?? []
  if (head === undefined) throw cannotOpen('not an age header')
  const fileKey = unwrapOne(seed, stanzas)
  // The check covers the dashes before it, and not the space.
  const checked = file.subarray(0, head.length - ` ${mac}\n`.length)
  if (!equalBytes(headerMac(fileKey, checked), decoded(mac))) throw cannotOpen('an altered header')
  const payload = file.subarray(head.length)
  const key = payloadKey(fileKey, payload.subarray(0, NONCE_BYTES))
  fileKey.fill(0)
  return openChunks(key, payload.subarray(NONCE_BYTES))
}

function unwrapOne(seed: Uint8Array, stanzas: string): Uint8Array {
  for (const { groups } of stanzas.matchAll(STANZA)) {
    const { line = '', body = '' } = groups ?? {}
    const stanza: AgeStanza = { line, body: decoded(body.replaceAll('\n', '')) }
    const fileKey = line.startsWith('mlkem768x25519 ') ? unwrapOrNot(seed, stanza) : undefined
    if (fileKey !== undefined) return fileKey
  }
  throw cannotOpen('not for this identity')
}

function unwrapOrNot(seed: Uint8Array, stanza: AgeStanza): Uint8Array | undefined {
  try {
    const fileKey = unwrapHybrid(seed, stanza)
    return fileKey.length === 16 ? fileKey : undefined
  } catch (error) {
    if (error instanceof SealingError) return undefined
    throw error
  }
}

function openChunks(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const size = CHUNK_BYTES + TAG_BYTES
  const count = Math.max(1, Math.ceil(sealed.length / size))
  const chunks: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1
    const chunk = sealed.subarray(i * size, (i + 1) * size)
    // An empty chunk after others would be a second spelling of the same file.
    if (isLast && i > 0 && chunk.length <= TAG_BYTES) throw cannotOpen('an empty last chunk')
    try {
      chunks.push(chacha20poly1305(key, chunkNonce(i, isLast)).decrypt(chunk))
    } catch (cause) {
      throw cannotOpen('altered or cut', cause)
    }
  }
  return concatBytes(...chunks)
}

function decoded(text: string): Uint8Array {
  try {
    return base64nopad.decode(text)
  } catch (cause) {
    throw cannotOpen('not base64', cause)
  }
}

function cannotOpen(message: string, cause?: unknown): SealingError {
  return new SealingError('cannot_open', message, cause)
}
