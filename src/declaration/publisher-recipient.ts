import { type ED25519, parseVerifierKey, type SigningKey } from '../tlog/note-key.ts'
import { openNote, signNote } from '../tlog/signed-note.ts'
import { DeclarationError } from './error.ts'

const RECIPIENT = /^age1[a-z0-9]{1,4092}$/

/** To whom approved items are sealed; fresh at each start of the publisher, so the log's key vouches for it. */
export type PublisherRecipient = { readonly register: string; readonly recipient: string }

/** First line of the note. Authors' acts have a recipient of their own, which a restart does not change. */
const VERSIONS = { items: 'avow/publisher-recipient/v1', acts: 'avow/act-recipient/v1' } as const
type Sealed = keyof typeof VERSIONS

/** A signed note whose signer is the declaration log's key. */
export function formatPublisherRecipient(
  recipient: PublisherRecipient,
  signer: SigningKey<typeof ED25519>,
): Uint8Array {
  return formatNote('items', recipient, signer)
}

/** Throws `bad_recipient`. Without the signature anyone who serves the desk could name himself as recipient. */
export function openPublisherRecipient(note: Uint8Array, vkey: string): PublisherRecipient {
  return readText('items', openText(note, vkey))
}

/** `log/act-recipient`: to whom signed acts are sealed. */
export function formatActRecipient(
  recipient: PublisherRecipient,
  signer: SigningKey<typeof ED25519>,
): Uint8Array {
  return formatNote('acts', recipient, signer)
}

/** Throws `bad_recipient`. The file may come from any mirror. */
export function openActRecipient(note: Uint8Array, vkey: string): PublisherRecipient {
  return readText('acts', openText(note, vkey))
}

function formatNote(
  sealed: Sealed,
  { register, recipient }: PublisherRecipient,
  signer: SigningKey<typeof ED25519>,
): Uint8Array {
  const text = `${VERSIONS[sealed]}\n${register}\n${recipient}\n`
  readText(sealed, text)
  return signNote(text, [signer])
}

function openText(note: Uint8Array, vkey: string): string {
  try {
    return openNote(note, [parseVerifierKey(vkey)]).text
  } catch (cause) {
    throw new DeclarationError('bad_recipient', 'not signed by the log', cause)
  }
}

function readText(sealed: Sealed, text: string): PublisherRecipient {
  const [version, register, recipient, end, ...rest] = text.split('\n')
  const isWhole = end === '' && rest.length === 0
  if (version !== VERSIONS[sealed] || register === undefined || !isWhole) {
    throw new DeclarationError('bad_recipient', 'not a recipient of this kind')
  }
  if (recipient === undefined || !RECIPIENT.test(recipient)) {
    throw new DeclarationError('bad_recipient', 'not an age recipient')
  }
  return { register, recipient }
}
