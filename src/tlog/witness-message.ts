import { toBase64 } from '../encoding/base64.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { parseLines } from '../encoding/lines.ts'
import { TlogError, tlogErrorFrom } from './error.ts'
import { type TreeHash, treeHashFromBase64 } from './hash.ts'
import { MAX_PROOF_HASHES } from './proof.ts'
import {
  formatSignatureLines,
  MAX_NOTE_BYTES,
  type NoteSignature,
  parseSignatureLines,
} from './signed-note.ts'
import { splitAtEmptyLine } from './split-at-empty-line.ts'
import { checkTreeSize, parseTreeSize } from './tree-size.ts'

/** C2SP tlog-witness, `POST <prefix>/add-checkpoint`. */
export type AddCheckpoint = {
  readonly oldSize: number
  readonly proof: readonly TreeHash[]
  /** The signed note, verbatim. */
  readonly checkpoint: Uint8Array
}

/** What a witness answers. `conflict`: it cosigned another size before; above our own it is an alarm. */
export type AddCheckpointResponse =
  | { readonly outcome: 'cosigned'; readonly signatures: readonly NoteSignature[] }
  | { readonly outcome: 'conflict'; readonly size: number }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason }

export type RefusalReason = 'malformed' | 'bad_signature' | 'unknown_log' | 'inconsistent'

const MAX_HEAD_BYTES = 4096
export const MAX_ADD_CHECKPOINT_BYTES = MAX_HEAD_BYTES + MAX_NOTE_BYTES
export const TREE_SIZE_CONTENT_TYPE = 'text/x.tlog.size'

const STATUS_BY_REASON = {
  malformed: 400,
  bad_signature: 403,
  unknown_log: 404,
  inconsistent: 422,
} as const

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): Uint8Array {
  const lines = [`old ${checkTreeSize(oldSize)}`, ...proof.map(toBase64), '']
  const bytes = concatBytes(utf8(lines.map((line) => `${line}\n`).join('')), checkpoint)
  parseAddCheckpoint(bytes)
  return bytes
}

/** The note is split off, not parsed. Throws TlogError `bad_witness_message`. */
export function parseAddCheckpoint(bytes: Uint8Array): AddCheckpoint {
  if (bytes.length > MAX_ADD_CHECKPOINT_BYTES) throw badMessage('request too long')
  try {
    const [head, checkpoint] = splitAtEmptyLine(bytes, MAX_HEAD_BYTES)
    const [old, ...hashes] = parseLines(head, MAX_HEAD_BYTES)
    if (!old?.startsWith('old ')) throw badMessage('no old size')
    if (hashes.length > MAX_PROOF_HASHES) throw badMessage('proof too long')
    const proof = hashes.map(treeHashFromBase64)
    return { oldSize: parseTreeSize(old.slice(4)), proof, checkpoint }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_witness_message', 'not an add-checkpoint request')
  }
}

export type HttpAnswer = {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
}

export function formatAddCheckpointResponse(response: AddCheckpointResponse): HttpAnswer {
  switch (response.outcome) {
    case 'cosigned':
      return {
        status: 200,
        contentType: 'text/plain; charset=utf-8',
        body: formatSignatureLines(response.signatures),
      }
    case 'conflict':
      return {
        status: 409,
        contentType: TREE_SIZE_CONTENT_TYPE,
        body: utf8(`${checkTreeSize(response.size)}\n`),
      }
    case 'refused':
      return {
        status: STATUS_BY_REASON[response.reason],
        contentType: 'text/plain; charset=utf-8',
        body: utf8(`${response.reason}\n`),
      }
  }
}

/** The witness's bytes are not trusted; its lines are still unverified. Throws TlogError `bad_witness_message`. */
export function parseAddCheckpointResponse({
  status,
  contentType,
  body,
}: HttpAnswer): AddCheckpointResponse {
  if (status === 200) return { outcome: 'cosigned', signatures: parseCosignatures(body) }
  if (status === 409 && mediaType(contentType) === TREE_SIZE_CONTENT_TYPE) {
    return { outcome: 'conflict', size: parseConflictSize(body) }
  }
  switch (status) {
    case STATUS_BY_REASON.malformed:
      return { outcome: 'refused', reason: 'malformed' }
    case STATUS_BY_REASON.bad_signature:
      return { outcome: 'refused', reason: 'bad_signature' }
    case STATUS_BY_REASON.unknown_log:
      return { outcome: 'refused', reason: 'unknown_log' }
    case STATUS_BY_REASON.inconsistent:
      return { outcome: 'refused', reason: 'inconsistent' }
    default:
      throw badMessage(`a witness does not answer ${status}`)
  }
}

function parseCosignatures(body: Uint8Array): NoteSignature[] {
  try {
    const signatures = parseSignatureLines(body)
    if (signatures.length === 0) throw badMessage('no cosignature')
    return signatures
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_witness_message', 'not cosignature lines')
  }
}

function parseConflictSize(body: Uint8Array): number {
  try {
    const [size, ...more] = parseLines(body, 32)
    if (size === undefined || more.length > 0) throw badMessage('not one line')
    return parseTreeSize(size)
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_witness_message', 'not a tree size')
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

function badMessage(message: string): TlogError {
  return new TlogError('bad_witness_message', message)
}
