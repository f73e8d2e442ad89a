import { type ED25519, parseVerifierKey, type SigningKey } from '../tlog/note-key.ts'
import { openNote, signNote } from '../tlog/signed-note.ts'

/** Whose form it is and the SHA-256 of its bytes. */
export type OfflineNote = { readonly register: string; readonly sha256: string }

const FORMAT = 'avow/offline-form/v1'

/** A signed note of the declaration log's key: who has the log's verifier key can check a file they were handed. */
export function formatOfflineNote(
  { register, sha256 }: OfflineNote,
  signer: SigningKey<typeof ED25519>,
): Uint8Array {
  return signNote(`${FORMAT}\n${register}\n${sha256}\n`, [signer])
}

/** Throws when the note is not signed by this key or is no note of an offline form. */
export function openOfflineNote(note: Uint8Array, vkey: string): OfflineNote {
  const { text } = openNote(note, [parseVerifierKey(vkey)])
  const [format, register = '', sha256 = '', end, ...rest] = text.split('\n')
  const isWhole = end === '' && rest.length === 0
  if (format !== FORMAT || !isWhole || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new TypeError('not the note of an offline form')
  }
  return { register, sha256 }
}
