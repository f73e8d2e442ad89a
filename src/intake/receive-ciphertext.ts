import { createHash } from 'node:crypto'
import { fromUtf8 } from '../encoding/bytes.ts'
import { requireAgeHeader } from '../sealing/age-header.ts'
import { sealedBytes } from '../sealing/age-writer.ts'
import { SealingError } from '../sealing/error.ts'
import { sizeClass } from '../sealing/padding.ts'
import { joinQrFrames } from '../sealing/qr-frames.ts'
import {
  findArmouredFiles,
  findSealedSubmissions,
  parseSealedSubmission,
  SEALED_MESSAGE_MAX_BYTES,
} from '../sealing/sealed-submission.ts'
import { requireClear, type SealedEnvelope } from './envelope.ts'
import type { ReceiveDependencies } from './receive-envelope.ts'

/** What the channel knows of what came in; the language of a sealed message goes before this one. */
export interface CiphertextMeta {
  readonly centre: string
  readonly line: string
  readonly channel: string
  readonly language: string
}

export type CiphertextOutcome =
  /** On disk. The hash of each is the id under which it is kept and by which a second try is known. */
  | { readonly outcome: 'taken'; readonly ids: readonly Uint8Array[] }
  | { readonly outcome: 'refused'; readonly code: 'not_sealed' | 'too_large' | 'codes_missing' }

const AGE_FILE = 'age-encryption.org/v1\n'
/** An age file by hand may be to more keys than ours; each costs its reader a little. */
const STANZAS_MAX = 16
const WORK_FACTOR_MAX = 0

/**
 * Takes what a sender sealed to the centre, from any channel: a sealed message, a plain age file, either one in armour
 * within other text, or the texts of its QR codes. It is stored as it came; nobody here can tell what is in it. Resolves with
 * `taken` only after the durable commit. Throws IntakeError where nothing is stored and the sender should try again.
 */
export async function receiveCiphertext(
  input: Uint8Array | string,
  meta: CiphertextMeta,
  { commits, reserve }: ReceiveDependencies,
): Promise<CiphertextOutcome> {
  const found = findCiphertexts(input, meta)
  if (!Array.isArray(found)) return { outcome: 'refused', code: found }
  for (const envelope of found) requireClear(envelope)
  await reserve?.require()
  await Promise.all(found.map((envelope) => commits.add(envelope)))
  return { outcome: 'taken', ids: found.map(({ id }) => id) }
}

type Found = SealedEnvelope[] | Extract<CiphertextOutcome, { outcome: 'refused' }>['code']

/** The envelopes that `receiveCiphertext` would store, or why there are none. */
export function findCiphertexts(input: Uint8Array | string, meta: CiphertextMeta): Found {
  const length = typeof input === 'string' ? Buffer.byteLength(input) : input.length
  if (length > SEALED_MESSAGE_MAX_BYTES) return 'too_large'
  if (typeof input !== 'string' && isAgeFile(input)) return bareFiles([input], meta)
  const text = typeof input === 'string' ? input : textOf(input)
  try {
    const whole = [text, ...joinQrFrames(text)].join('\n')
    const messages = findSealedSubmissions(whole).flatMap((bytes) => messageEnvelope(bytes, meta))
    return messages.length > 0 ? messages : bareFiles(findArmouredFiles(whole), meta)
  } catch (error) {
    if (error instanceof SealingError && error.code === 'frames_missing') return 'codes_missing'
    if (error instanceof SealingError && error.code === 'too_large') return 'too_large'
    throw error
  }
}

function messageEnvelope(message: Uint8Array, meta: CiphertextMeta): SealedEnvelope[] {
  const { language, receipts, file } = parseSealedSubmission(message)
  const hashes = receipts.map((lookupHash, person) => ({
    lookupHash,
    person,
    alone: receipts.length === 1,
  }))
  return sealedEnvelope(message, file, { ...meta, language, receipts: hashes })
}

function bareFiles(files: readonly Uint8Array[], meta: CiphertextMeta): Found {
  const found = files.flatMap((file) => sealedEnvelope(file, file, { ...meta, receipts: [] }))
  return found.length > 0 ? found : 'not_sealed'
}

/** The id is the hash of what came: nobody can take another's id, and sending it twice is sending it once. */
function sealedEnvelope(
  named: Uint8Array,
  file: Uint8Array,
  clear: Omit<SealedEnvelope, 'id' | 'file' | 'sizeClass'>,
): SealedEnvelope[] {
  const payload = isAgeFile(file) ? payloadBytes(file) : -1
  const sealed = sealedBytes(payload)
  if (sealed < 0) return []
  const id = createHash('sha256').update(named).digest()
  // What was padded as it should be is its own class; of anything else the class above is said and not the length.
  return [{ ...clear, id, file, sizeClass: sizeClass(Math.max(0, sealed - 4)) }]
}

function payloadBytes(file: Uint8Array): number {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  return file.length - bytes.indexOf('\n', bytes.indexOf('\n--- ') + 1) - 1
}

function isAgeFile(bytes: Uint8Array): boolean {
  if (Buffer.from(bytes.subarray(0, AGE_FILE.length)).toString('latin1') !== AGE_FILE) return false
  try {
    requireAgeHeader(bytes, STANZAS_MAX, WORK_FACTOR_MAX)
    return true
  } catch (error) {
    if (error instanceof SealingError) return false
    throw error
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    return ''
  }
}
