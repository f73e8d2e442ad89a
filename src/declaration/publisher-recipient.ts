import { type ED25519, parseVerifierKey, type SigningKey } from '../tlog/note-key.ts'
import { openNote, signNote } from '../tlog/signed-note.ts'
import { DeclarationError } from './error.ts'

const RECIPIENT = /^age1[a-z0-9]{1,4092}$/

/** To whom approved items are sealed; fresh at each start of the publisher, so the log's key vouches for it. */
export type PublisherRecipient = { readonly register: string; readonly recipient: string }

/** A signed note whose signer is the declaration log's key. */
export function formatPublisherRecipient(
  { register, recipient }: PublisherRecipient,
  signer: SigningKey<typeof ED25519>,
): Uint8Array {
  const text = `avow/publisher-recipient/v1\n${register}\n${recipient}\n`
  readText(text)
  return signNote(text, [signer])
}

/** Throws `bad_recipient`. Without the signature anyone who serves the desk could name himself as recipient. */
export function openPublisherRecipient(note: Uint8Array, vkey: string): PublisherRecipient {
  return readText(openText(note, vkey))
}

function openText(note: Uint8Array, vkey: string): string {
  try {
    return openNote(note, [parseVerifierKey(vkey)]).text
  } catch (cause) {
    throw new DeclarationError('bad_recipient', 'not signed by the log', cause)
  }
}

function readText(text: string): PublisherRecipient {
  const [version, register, recipient, end, ...rest] = text.split('\n')
  const isWhole = end === '' && rest.length === 0
  if (version !== 'avow/publisher-recipient/v1' || register === undefined || !isWhole) {
    throw new DeclarationError('bad_recipient', 'not a publisher recipient')
  }
  if (recipient === undefined || !RECIPIENT.test(recipient)) {
    throw new DeclarationError('bad_recipient', 'not an age recipient')
  }
  return { register, recipient }
}
