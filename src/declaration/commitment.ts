import { fromBase64 } from '../encoding/base64.ts'
import { type Bytes, brandBytes, concatBytes, equalBytes, utf8 } from '../encoding/bytes.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { DeclarationError } from './error.ts'

// Folders that may not import tlog give their SHA-256 by this name.
export type { Sha256 } from '../tlog/hash.ts'
export type RandomBytes = (length: number) => Uint8Array

/** SHA-256 over field, salt and value: binding, and hiding as long as the salt is kept. */
export type Commitment = Bytes<'Commitment'>
/** 32 random bytes for one field of one leaf, never reused, never derived from a receipt. */
export type Salt = Bytes<'Salt'>
export type CommittedField = 'body' | 'name' | 'about' | 'author' | 'translation'
export type Opening = { readonly salt: Salt; readonly value: Uint8Array }
export type OpenedField = { readonly field: CommittedField; readonly value: Uint8Array }

const PREFIXES: Readonly<Record<CommittedField, Uint8Array>> = {
  body: prefixOf('body'),
  name: prefixOf('name'),
  about: prefixOf('about'),
  author: prefixOf('author'),
  translation: prefixOf('translation'),
}

function prefixOf(field: CommittedField): Uint8Array {
  return utf8(`avow/${field}/v1\0`)
}

/** SHA-256("avow/<field>/v1" ‖ 0x00 ‖ salt[32] ‖ value). */
export function commit(
  field: CommittedField,
  salt: Salt,
  value: Uint8Array,
  sha256: Sha256,
): Commitment {
  return commitmentOf(sha256(concatBytes(PREFIXES[field], salt, value)))
}

/** Returns what the commitment stands for, or throws `opening_mismatch`. The opening is attacker-controlled. */
export function verifyOpening(
  commitment: Commitment,
  field: CommittedField,
  opening: Opening,
  sha256: Sha256,
): OpenedField {
  if (!equalBytes(commit(field, opening.salt, opening.value, sha256), commitment)) {
    throw new DeclarationError('opening_mismatch', `the opening of ${field} does not fit`)
  }
  return { field, value: opening.value }
}

export function commitmentOf(bytes: Uint8Array): Commitment {
  return checked(() => brandBytes(bytes, 'Commitment', 32))
}

export function saltOf(bytes: Uint8Array): Salt {
  return checked(() => brandBytes(bytes, 'Salt', 32))
}

export function newSalt(random: RandomBytes): Salt {
  return saltOf(random(32))
}

export function commitmentFromBase64(text: string): Commitment {
  return checked(() => brandBytes(fromBase64(text), 'Commitment', 32))
}

export function saltFromBase64(text: string): Salt {
  return checked(() => brandBytes(fromBase64(text), 'Salt', 32))
}

function checked<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw new DeclarationError('bad_commitment', 'not 32 bytes in padded base64', cause)
  }
}
