import type { Sha256 } from '../declaration/commitment.ts'
import { utf8 } from '../encoding/bytes.ts'
import { DIGEST_BYTES, type DigestIn } from './digest-text.ts'
import type { Part } from './part-rules.ts'

const FIRST_LENGTH = 1024

export type OpeningCheck = (
  part: Part,
  salt: DigestIn,
  value: Uint8Array,
  commitment: DigestIn,
) => 'opens' | 'differs'

/**
 * Does what verifyOpening does. A replay checks some three openings a declaration, so the bytes to hash are kept, with
 * their header in place: hashing is then what takes the time.
 */
export function createOpeningCheck(sha256: Sha256): OpeningCheck {
  const kept = {
    body: startPreimage('body', FIRST_LENGTH),
    name: startPreimage('name', FIRST_LENGTH),
    about: startPreimage('about', FIRST_LENGTH),
  }
  return (part, salt, value, commitment) => {
    const saltAt = headerLength(part)
    const valueAt = saltAt + DIGEST_BYTES
    const length = valueAt + value.length
    if (kept[part].length < length) kept[part] = startPreimage(part, 2 * length)
    const preimage = kept[part]
    for (let i = 0; i < DIGEST_BYTES; i++) preimage[saltAt + i] = salt.bytes[salt.at + i] ?? 0
    preimage.set(value, valueAt)
    return sameDigest(sha256(preimage.subarray(0, length)), commitment) ? 'opens' : 'differs'
  }
}

function startPreimage(part: Part, length: number): Uint8Array {
  const preimage = new Uint8Array(length)
  preimage.set(utf8(`avow/${part}/v1\0`))
  return preimage
}

function headerLength(part: Part): number {
  return 'avow//v1\0'.length + part.length
}

function sameDigest(a: Uint8Array, { bytes, at }: DigestIn): boolean {
  for (let i = 0; i < DIGEST_BYTES; i++) if (a[i] !== bytes[at + i]) return false
  return true
}
