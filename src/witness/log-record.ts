import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { TlogError } from '../tlog/error.ts'
import { emptyRoot, type Sha256, type TreeHash } from '../tlog/hash.ts'
import type { COSIGNATURE_V1, VerifierKey } from '../tlog/note-key.ts'
import { formatNote, type NoteSignature, openNote } from '../tlog/signed-note.ts'
import { WitnessError } from './error.ts'

/** The newest tree of a log that this witness cosigned; before the first one, the empty tree. */
export type Cosigned = { readonly size: number; readonly root: TreeHash }

/** Said in words, so that a file cut to nothing is damage and not a witness that knows nothing. */
export function encodeEmptyRecord(origin: string): Uint8Array {
  return utf8(`avow/witness/v1\nnothing cosigned yet of\n${origin}\n`)
}

/** The checkpoint as the log signed it and with our cosignature: evidence for anyone, and our own proof that it is whole. */
export function encodeRecord(body: string, signatures: readonly NoteSignature[]): Uint8Array {
  return formatNote({ text: body, signatures })
}

/** Throws WitnessError `bad_record` for anything this witness did not write about this log. */
export function parseRecord(
  bytes: Uint8Array,
  origin: string,
  own: VerifierKey<typeof COSIGNATURE_V1>,
  sha256: Sha256,
): Cosigned {
  if (equalBytes(bytes, encodeEmptyRecord(origin))) return { size: 0, root: emptyRoot(sha256) }
  try {
    const { size, root, ...checkpoint } = parseCheckpoint(openNote(bytes, [own]).text)
    if (checkpoint.origin === origin) return { size, root }
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new WitnessError('bad_record', `the record of ${origin} is damaged`, { cause })
  }
  throw new WitnessError('bad_record', `the record of ${origin} is of another log`)
}
