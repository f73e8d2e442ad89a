import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { equalBytes } from '../../../encoding/bytes.ts'
import { pad, unpad } from '../../../sealing/padding.ts'
import type { RandomBytes } from '../../../sealing/parameters.ts'
import { WebError } from './error.ts'

const ROTATE_AFTER_MS = 60 * 60 * 1000
const CIPHER = 'aes-256-gcm'
const ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Largest answers (500 names and a text of 20,000 characters) padded, sealed and in base64, with room. */
const SEALED_PAGE_MAX_CHARS = 512 * 1024

interface PageKey {
  readonly id: Uint8Array
  /** The platform wipes it when it lets go of it; bytes would be copied into one at every page, at half its cost. */
  readonly key: KeyObject
  readonly startedAtMs: number
}

/**
 * Seals what a page carries from step to step. The keys live in memory only: after a restart, or two hours,
 * no copy of a page opens any more, whoever holds it.
 *
 * [0..8) key id · [8..20) nonce · AES-256-GCM of the padded bytes · 16-byte tag, all in base64url.
 */
export class PageKeys {
  readonly #random: RandomBytes
  readonly #clock: () => Date
  #current: PageKey
  #previous: PageKey | undefined

  constructor(options: { readonly random: RandomBytes; readonly clock: () => Date }) {
    this.#random = options.random
    this.#clock = options.clock
    this.#current = this.#newKey()
  }

  seal(bytes: Uint8Array): string {
    this.#rotate()
    const { id, key } = this.#current
    const nonce = this.#random(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, key, nonce)
    // Padded, so that the size of a page on the wire does not tell which answers it holds.
    const sealed = cipher.update(pad(bytes))
    cipher.final()
    return Buffer.concat([id, nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** `text` is attacker-controlled. Throws WebError `expired` for a key that is gone, `unsealed` for altered bytes. */
  open(text: string, maxChars = SEALED_PAGE_MAX_CHARS): Uint8Array {
    this.#rotate()
    if (text.length > maxChars) throw new WebError('unsealed', 'too long')
    const bytes = Buffer.from(text, 'base64url')
    const id = bytes.subarray(0, ID_BYTES)
    const found = [this.#current, this.#previous].find((key) => key && equalBytes(key.id, id))
    if (found === undefined) throw new WebError('expired', 'sealed by a key that is gone')
    try {
      return unpad(decrypt(found.key, bytes.subarray(ID_BYTES)))
    } catch (cause) {
      throw new WebError('unsealed', 'not what was sealed', cause)
    }
  }

  #rotate(): void {
    const now = this.#clock().getTime()
    const age = now - this.#current.startedAtMs
    if (age >= 0 && age < ROTATE_AFTER_MS) return
    const previous = age >= 0 && age < 2 * ROTATE_AFTER_MS ? this.#current : undefined
    this.#previous = previous
    this.#current = this.#newKey()
  }

  #newKey(): PageKey {
    const bytes = this.#random(32)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return {
      id: this.#random(ID_BYTES),
      key,
      startedAtMs: this.#clock().getTime(),
    }
  }
}

function decrypt(key: KeyObject, bytes: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
  decipher.final()
  return opened
}
