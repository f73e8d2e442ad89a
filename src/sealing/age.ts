import { bech32 } from '@scure/base'
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { requireAgeHeader } from './age-header.ts'
import { SealingError } from './error.ts'

/** Enough for every volunteer of a centre in one file; a longer list is two files. */
export const RECIPIENTS_MAX = 64
/** The largest size class of padding.ts and room for header and chunk tags. */
export const AGE_FILE_BYTES_MAX = 72 * 1024 * 1024
/** Stock `age -p` writes 18, that is 256 MiB of memory; a file that asks for more is an attack on the reader. */
export const WORK_FACTOR_MAX = 18

/** A new hybrid post-quantum identity, `AGE-SECRET-KEY-PQ-1…`. */
export function generateIdentity(): Promise<string> {
  return generateHybridIdentity()
}

/** The hybrid identity whose secret is `seed`: age's own text form, so that stock age takes it too. */
export function identityFromSeed(seed: Uint8Array): string {
  if (seed.length !== 32) throw new SealingError('bad_key', 'an identity seed has 32 bytes')
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase()
}

/** `age1pq1…` for a hybrid identity, `age1…` for an X25519 one. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity)
  } catch {
    // No cause: its message could quote the identity.
    throw new SealingError('bad_identity', 'not an age identity')
  }
}

/** One age file that each of the recipients can open. The bytes are sealed as they are: pad first. */
export async function sealTo(
  recipients: readonly string[],
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return await encrypterTo(recipients).encrypt(bytes)
}

/** `file` is attacker-controlled. Throws SealingError `cannot_open` when no identity opens it or one byte is off. */
export async function openWith(
  identities: readonly string[],
  file: Uint8Array,
): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      throw new SealingError('bad_identity', 'not an age identity')
    }
  }
  return await decrypt(decrypter, file)
}

/** `workFactor` is scrypt's log2 N: 16 for a generated passphrase, 10 where it is already a 256-bit key. */
export function sealWithPassphrase(
  passphrase: string,
  bytes: Uint8Array,
  workFactor = 16,
): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  return encrypter.encrypt(bytes)
}

export function openWithPassphrase(passphrase: string, file: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  return decrypt(decrypter, file)
}

function encrypterTo(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0 || recipients.length > RECIPIENTS_MAX) {
    throw new SealingError('bad_recipient', `from 1 to ${RECIPIENTS_MAX} recipients`)
  }
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new SealingError('bad_recipient', 'not an age recipient', cause)
    }
  }
  return encrypter
}

async function decrypt(decrypter: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  if (file.length > AGE_FILE_BYTES_MAX) throw new SealingError('too_large', 'age file')
  requireAgeHeader(file, RECIPIENTS_MAX, WORK_FACTOR_MAX)
  try {
    return await decrypter.decrypt(file)
  } catch (cause) {
    throw new SealingError('cannot_open', 'no key given opens this age file', cause)
  }
}
