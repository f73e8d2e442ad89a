import { ed25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64 } from '../encoding/base64.ts'
import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import { identityFromSeed, openWith, recipientOf, sealTo } from './age.ts'
import { SealingError } from './error.ts'
import {
  type CentreIdentity,
  key,
  members,
  parseCentreIdentities,
  parseJson,
  text,
  whole,
} from './keyring-codec.ts'
import { pad, unpad } from './padding.ts'
import { RECOVERY_SECRET_BYTES } from './recovery-share.ts'

/** What follows from a recovery secret: it opens the recovery file and may found the directory's people anew, once. */
export type RecoveryKeys = {
  readonly identity: string
  readonly recipient: string
  readonly signingSeed: Uint8Array
  readonly signingKey: Uint8Array
  /** Two bytes of hex on every share, so that shares of two splittings are told apart. */
  readonly split: string
}

/** All that new key holders need to go on: the root to trust, the directory as it was, the keys of the open months. */
export type RecoveryContents = {
  readonly register: string
  readonly rootPublicKey: Uint8Array
  readonly directory: { readonly size: number; readonly head: string }
  readonly centreIdentities: readonly CentreIdentity[]
}

const FORMAT = 'avow/recovery/v1'

export async function deriveRecoveryKeys(secret: Uint8Array): Promise<RecoveryKeys> {
  if (secret.length !== RECOVERY_SECRET_BYTES) {
    throw new SealingError('bad_key', `a recovery secret has ${RECOVERY_SECRET_BYTES} bytes`)
  }
  const derive = (use: string) => hkdf(sha256, secret, undefined, utf8(use), 32)
  const identity = identityFromSeed(derive('avow/recovery-identity/v1'))
  const signingSeed = derive('avow/recovery-signing/v1')
  const signingKey = ed25519.getPublicKey(signingSeed)
  const recipient = await recipientOf(identity)
  return { identity, recipient, signingSeed, signingKey, split: splitOf(signingKey) }
}

/** The mark on the shares of whatever secret this key came from. */
export function splitOf(signingKey: Uint8Array): string {
  const named = utf8(`avow/recovery-split/v1\n${toBase64(signingKey)}`)
  return toHex(sha256(named).subarray(0, 2))
}

/** Signed by the recovery key on a day, it makes the server hand out the recovery file. */
export function recoveryRequest(register: string, day: string): Uint8Array {
  return utf8(`avow/recovery-open/v1\nregister ${register}\nday ${day}\n`)
}

export function sealRecovery(contents: RecoveryContents, recipient: string): Promise<Uint8Array> {
  return sealTo([recipient], pad(encodeRecovery(contents)))
}

/** `file` comes from the server and anybody can seal to a recipient: what it says of the root is to be compared by eye. */
export async function openRecovery(file: Uint8Array, identity: string): Promise<RecoveryContents> {
  const bytes = unpad(await openWith([identity], file))
  const contents = readContents(bytes)
  if (!equalBytes(encodeRecovery(contents), bytes)) throw badRecovery()
  return contents
}

function encodeRecovery({
  register,
  rootPublicKey,
  directory,
  centreIdentities,
}: RecoveryContents): Uint8Array {
  return utf8(
    canonicalJson({
      format: FORMAT,
      register,
      rootPublicKey: toBase64(rootPublicKey),
      directory: { size: directory.size, head: directory.head },
      centreIdentities: centreIdentities.map(({ centre, month, identity }) => ({
        centre,
        month,
        identity,
      })),
    }),
  )
}

function readContents(bytes: Uint8Array): RecoveryContents {
  const { register, rootPublicKey, directory, centreIdentities } = members(parseJson(bytes))
  const { size, head } = members(directory)
  return {
    register: text(register),
    rootPublicKey: key(rootPublicKey),
    directory: { size: whole(size), head: text(head) },
    centreIdentities: parseCentreIdentities(centreIdentities),
  }
}

function badRecovery(): SealingError {
  return new SealingError('bad_recovery', 'not a recovery file')
}
