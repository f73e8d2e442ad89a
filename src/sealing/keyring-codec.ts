import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { equalBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { SealingError } from './error.ts'

export type CentreIdentity = {
  readonly centre: string
  readonly month: string
  readonly identity: string
}
/** All that a volunteer holds. `directory` is the newest state of it that this volunteer's browser verified. */
export type Keyring = {
  readonly volunteer: string
  readonly register: string
  readonly rootPublicKey: Uint8Array
  readonly identity: string
  readonly signingSeed: Uint8Array
  readonly directory: { readonly size: number; readonly head: string }
  readonly centreIdentities: readonly CentreIdentity[]
}

export const KEYRING_BYTES_MAX = 1024 * 1024
const FORMAT = 'avow/keyring/v1'

export function encodeKeyring(keyring: Keyring): Uint8Array {
  const bytes = utf8(
    canonicalJson({
      format: FORMAT,
      volunteer: keyring.volunteer,
      register: keyring.register,
      rootPublicKey: toBase64(keyring.rootPublicKey),
      identity: keyring.identity,
      signingSeed: toBase64(keyring.signingSeed),
      directory: { size: keyring.directory.size, head: keyring.directory.head },
      centreIdentities: keyring.centreIdentities.map(({ centre, month, identity }) => ({
        centre,
        month,
        identity,
      })),
    }),
  )
  if (bytes.length > KEYRING_BYTES_MAX) throw new SealingError('too_large', 'keyring')
  return bytes
}

/** Accepts exactly what encodeKeyring writes; anything else is `bad_keyring` and none of it is quoted. */
export function parseKeyring(bytes: Uint8Array): Keyring {
  if (bytes.length > KEYRING_BYTES_MAX) throw new SealingError('too_large', 'keyring')
  const { volunteer, register, identity, ...rest } = members(parseJson(bytes))
  const { rootPublicKey, signingSeed, centreIdentities } = rest
  const { size, head } = members(rest['directory'])
  const keyring: Keyring = {
    volunteer: text(volunteer),
    register: text(register),
    rootPublicKey: key(rootPublicKey),
    identity: text(identity),
    signingSeed: key(signingSeed),
    directory: { size: whole(size), head: text(head) },
    centreIdentities: parseCentreIdentities(centreIdentities),
  }
  // Covers the format line, members we do not know and every second spelling.
  if (!equalBytes(encodeKeyring(keyring), bytes)) throw badKeyring('not canonical')
  return keyring
}

export function parseCentreIdentities(value: unknown): readonly CentreIdentity[] {
  return list(value).map((item) => {
    const { centre, month, identity } = members(item)
    return { centre: text(centre), month: text(month), identity: text(identity) }
  })
}

/** These readers of JSON quote nothing of what they refuse; the recovery file is read by them too. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    // No cause: the parser's message quotes what it read.
    throw badKeyring('not JSON')
  }
}

export function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badKeyring('not an object')
  }
  return { ...value }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badKeyring('not a list')
  return value
}

export function text(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw badKeyring('not a text')
  return value
}

export function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw badKeyring('not a count')
  }
  return value
}

export function key(value: unknown): Uint8Array {
  const encoded = text(value)
  if (!/^[A-Za-z0-9+/]{43}=$/.test(encoded)) throw badKeyring('not a 32-byte key')
  try {
    return fromBase64(encoded)
  } catch {
    throw badKeyring('not a 32-byte key')
  }
}

function badKeyring(what: string): SealingError {
  return new SealingError('bad_keyring', `keyring: ${what}`)
}
