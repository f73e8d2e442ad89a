import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type DirectoryEntry, parseDirectoryBody, parseSignature } from './directory-entry.ts'
import { SealingError } from './error.ts'

/** What a page may rely on: to whom it seals, since when. */
export type CentreKey = {
  readonly centre: string
  readonly month: string
  readonly day: string
  readonly recipient: string
}

/**
 * Proves one entry of the directory by itself, for a page that should not carry thousands of others. It is the root's own
 * word; whether a later entry replaced it, nobody can tell from a chain whose tail may be cut either.
 */
export function verifyCentreEntry(
  entry: DirectoryEntry,
  expected: {
    readonly register: string
    readonly centre: string
    readonly rootPublicKey: Uint8Array
  },
): CentreKey {
  const { register, day, change, seq } = parseDirectoryBody(entry.body)
  const signature = parseSignature(entry.signature)
  if (!ed25519.verify(signature, utf8(entry.body), expected.rootPublicKey, { zip215: false })) {
    throw new SealingError('bad_signature', `entry ${seq} is not signed by the root`)
  }
  if (register !== expected.register) {
    throw new SealingError('wrong_register', `entry ${seq} belongs to another register`)
  }
  if (change.change !== 'centre' || change.id !== expected.centre) {
    throw new SealingError('unknown_centre', `entry ${seq} names no key of this centre`)
  }
  return { centre: change.id, month: change.month, day, recipient: change.recipient }
}

/** SHA-256 of a recipient as groups of four digits, for people to compare. */
export function recipientFingerprint(recipient: string): string {
  const digits = toHex(sha256(utf8(recipient))).slice(0, 32)
  return (digits.match(/.{4}/g) ?? []).join(' ')
}
