import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'

/** All that two key holders sign for somebody. */
export interface Admission {
  readonly register: string
  readonly volunteer: string
  readonly centre: string
  readonly roles: readonly string[]
  readonly recipient: string
  readonly signingKey: Uint8Array
}

/**
 * Sixteen digits over a name, its two public keys, and what they are to be used for, for people to compare by
 * voice: 53 bits, so that a server that swaps keys cannot search for a pair with the same code while they talk.
 */
export function admissionCode(admission: Admission): string {
  const { register, volunteer, centre, roles, recipient, signingKey } = admission
  const lines = [
    'avow/admission/v1',
    `register ${register}`,
    `volunteer ${volunteer}`,
    `centre ${centre}`,
    `roles ${roles.toSorted().join(',')}`,
    `recipient ${recipient}`,
    `key ${toBase64(signingKey)}`,
    '',
  ]
  const digest = sha256(utf8(lines.join('\n')))
  const view = new DataView(digest.buffer, digest.byteOffset)
  return Array.from({ length: 4 }, (_, i) =>
    String(view.getUint32(4 * i) % 10_000).padStart(4, '0'),
  ).join(' ')
}
