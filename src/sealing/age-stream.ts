import { Decrypter, Encrypter } from 'age-encryption'
import { SealingError } from './error.ts'

/** One age file too large for memory, sealed as it flows. The bytes are sealed as they are. */
export async function sealStreamTo(
  recipients: readonly string[],
  bytes: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw new SealingError('bad_recipient', 'not an age recipient')
    }
  }
  return encrypter.encrypt(bytes)
}

/** What was read of it before an error was there: age files that are cut or changed fail where that is noticed. */
export async function openStreamWith(
  identities: readonly string[],
  file: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      throw new SealingError('bad_identity', 'not an age identity')
    }
  }
  try {
    return await decrypter.decrypt(file)
  } catch (cause) {
    throw new SealingError('cannot_open', 'no identity opens the file', cause)
  }
}
