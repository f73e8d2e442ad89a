import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { SealingError } from './error.ts'
import { openWithKey, sealWithKey } from './keyed-seal.ts'
import { pad, unpad } from './padding.ts'
import type { RandomBytes } from './parameters.ts'

/** What the authenticator's PRF is asked for. Its answer, 32 bytes, is a secret of one credential and this input. */
export const PASSKEY_PRF_INPUT = utf8('avow/passkey/v1')

const PRF_BYTES = 32
const FILE_PASSPHRASE = /^[0-9a-f]{64}$/
/** As many characters as a person needs to tell two devices apart. */
export const PASSKEY_NAME_MAX = 40

/** The account and the credential a wrapped passphrase belongs to: elsewhere it does not open. */
export type PasskeyPlace = {
  readonly volunteer: string
  /** The credential's id, base64url as WebAuthn spells it. */
  readonly credential: string
}

/** 72 bytes that give the file passphrase back to whoever has the PRF's answer. */
export function wrapFilePassphrase(
  prf: Uint8Array,
  place: PasskeyPlace,
  filePassphrase: string,
  random: RandomBytes,
): Uint8Array {
  if (!FILE_PASSPHRASE.test(filePassphrase)) {
    throw new SealingError('bad_passphrase', 'a file passphrase has 64 hex digits')
  }
  return sealWithKey(wrapKey(prf), contextOf(place), fromHex(filePassphrase), random)
}

/** Throws SealingError `cannot_open` for another credential's answer, another place or altered bytes. */
export function unwrapFilePassphrase(
  prf: Uint8Array,
  place: PasskeyPlace,
  wrapped: Uint8Array,
): string {
  return toHex(openWithKey(wrapKey(prf), contextOf(place), wrapped))
}

/** The name a person gave a passkey says whose device it is, so the server keeps it sealed. */
export function sealPasskeyName(
  filePassphrase: string,
  place: PasskeyPlace,
  name: string,
  random: RandomBytes,
): Uint8Array {
  if (name.length > PASSKEY_NAME_MAX) throw new SealingError('too_large', 'the name is too long')
  return sealWithKey(nameKey(filePassphrase), contextOf(place), pad(utf8(name)), random)
}

export function openPasskeyName(
  filePassphrase: string,
  place: PasskeyPlace,
  sealed: Uint8Array,
): string {
  return fromUtf8(unpad(openWithKey(nameKey(filePassphrase), contextOf(place), sealed)))
}

function wrapKey(prf: Uint8Array): Uint8Array {
  if (prf.length !== PRF_BYTES) throw new SealingError('bad_key', 'a PRF answers 32 bytes')
  return hkdf(sha256, prf, undefined, utf8('avow/passkey-wrap/v1'), 32)
}

function nameKey(filePassphrase: string): Uint8Array {
  return hkdf(sha256, fromHex(filePassphrase), undefined, utf8('avow/passkey-name/v1'), 32)
}

function contextOf({ volunteer, credential }: PasskeyPlace): string {
  return `passkey\n${volunteer}\n${credential}`
}
