import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { type VerifiedCosignature, verifyCosignature } from './cosignature.ts'
import { type Ed25519Verify, nobleEd25519 } from './ed25519.ts'
import { TlogError, tlogErrorFrom } from './error.ts'
import {
  COSIGNATURE_V1,
  checkKeyName,
  ED25519,
  hasType,
  type SigningKey,
  type VerifierKey,
} from './note-key.ts'

/** C2SP asks for at least 16 lines; a post-quantum signature has almost 5 kB. */
export const MAX_NOTE_BYTES = 256 * 1024
export const MAX_SIGNATURES = 64

/** One signature line: `— <name> base64(id ‖ signature)`. Nothing is verified. */
export type NoteSignature = {
  readonly name: string
  readonly id: string
  readonly signature: Uint8Array
}

/** The text ends in LF and is not to be trusted before openNote. */
export type UnverifiedNote = {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export type VerifiedSignature =
  | { readonly kind: 'signature'; readonly key: VerifierKey<typeof ED25519> }
  | ({ readonly kind: 'cosignature' } & VerifiedCosignature)

export type OpenedNote = {
  readonly text: string
  readonly verified: readonly VerifiedSignature[]
}

export function signNote(text: string, signers: readonly SigningKey<typeof ED25519>[]): Uint8Array {
  const signatures = signers.map(({ key, sign }) => ({
    name: key.name,
    id: key.id,
    signature: sign(utf8(text)),
  }))
  return formatNote({ text, signatures })
}

/**
 * Lines of unknown (name, id) are ignored, lines of known keys must all verify, and one must be there.
 * Throws TlogError `bad_note`, `signature_mismatch`, `bad_cosignature`, `no_known_signature`.
 */
export function openNote(
  bytes: Uint8Array,
  verifiers: readonly VerifierKey[],
  verify: Ed25519Verify = nobleEd25519.verify,
): OpenedNote {
  const { text, signatures } = parseNote(bytes)
  const verified = signatures.flatMap((line) => {
    const [key, another] = verifiers.filter(({ name, id }) => name === line.name && id === line.id)
    if (another !== undefined) throw new TlogError('bad_key', 'two keys of one name and id')
    return key === undefined ? [] : [verifySignature(text, line.signature, key, verify)]
  })
  if (verified.length === 0)
    throw new TlogError('no_known_signature', 'no signature of a known key')
  return { text, verified }
}

export function parseNote(bytes: Uint8Array): UnverifiedNote {
  if (bytes.length > MAX_NOTE_BYTES) throw badNote('note too long')
  const note = decodeText(bytes)
  // The text may hold empty lines itself: the last one separates.
  const separator = note.lastIndexOf('\n\n')
  if (separator < 0) throw badNote('no empty line before the signatures')
  const signatures = parseLines(note.slice(separator + 2))
  if (signatures.length === 0) throw badNote('no signature line')
  return { text: note.slice(0, separator + 1), signatures }
}

export function formatNote({ text, signatures }: UnverifiedNote): Uint8Array {
  if (!text.endsWith('\n')) throw badNote('the text does not end in LF')
  const bytes = concatBytes(utf8(`${text}\n`), formatSignatureLines(signatures))
  parseNote(bytes)
  return bytes
}

/** Signature lines alone, as a witness answers them. */
export function parseSignatureLines(bytes: Uint8Array): NoteSignature[] {
  if (bytes.length > MAX_NOTE_BYTES) throw badNote('too many signatures')
  return parseLines(decodeText(bytes))
}

export function formatSignatureLines(signatures: readonly NoteSignature[]): Uint8Array {
  const lines = signatures.map(({ name, id, signature }) => {
    const blob = concatBytes(fromHex(id), signature)
    return `— ${checkKeyName(name)} ${toBase64(blob)}\n`
  })
  return utf8(lines.join(''))
}

function verifySignature(
  text: string,
  signature: Uint8Array,
  key: VerifierKey,
  verify: Ed25519Verify,
): VerifiedSignature {
  if (hasType(key, COSIGNATURE_V1)) {
    return { kind: 'cosignature', ...verifyCosignature({ body: text, signature }, key, verify) }
  }
  if (!hasType(key, ED25519) || !verify(signature, utf8(text), key.publicKey)) {
    throw new TlogError('signature_mismatch', `signature of ${key.name} does not verify`)
  }
  return { kind: 'signature', key }
}

function parseLines(text: string): NoteSignature[] {
  if (text !== '' && !text.endsWith('\n')) throw badNote('cut signature line')
  const lines = text.split('\n').slice(0, -1)
  if (lines.length > MAX_SIGNATURES) throw badNote('too many signatures')
  return lines.map(parseLine)
}

function parseLine(line: string): NoteSignature {
  const [, name, base64] = /^— (\S+) (\S+)$/v.exec(line) ?? []
  if (name === undefined || base64 === undefined) throw badNote('not a signature line')
  try {
    const blob = fromBase64(base64)
    if (blob.length < 5) throw badNote('signature too short')
    return { name: checkKeyName(name), id: toHex(blob.subarray(0, 4)), signature: blob.slice(4) }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_note', 'not a signature line')
  }
}

function decodeText(bytes: Uint8Array): string {
  const text = decode(bytes)
  // Below U+0020 but LF, as C2SP says.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw badNote('control character')
  return text
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_note', 'not UTF-8')
  }
}

function badNote(message: string): TlogError {
  return new TlogError('bad_note', message)
}
