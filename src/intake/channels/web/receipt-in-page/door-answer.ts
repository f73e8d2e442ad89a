import { HEX_32_BYTES, whole } from '../../../../declaration/grammar.ts'
import {
  boolean,
  integer,
  nullable,
  object,
  oneOf,
  parseJson,
  text,
} from '../../../../declaration/json-shape.ts'
import { encodeLeaf, parseLeaf } from '../../../../declaration/leaf.ts'
import { fromBase64, toBase64 } from '../../../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../../../encoding/bytes.ts'
import { RECEIPT_STATES, type ReceiptView } from '../../../receipt-state.ts'

/** A kept file with the longest text, in base64, and the words around it. */
const ANSWER_MAX_CHARS = 4 * 1024 * 1024

const entryShape = object({
  index: integer(0, Number.MAX_SAFE_INTEGER),
  leaf: text(16 * 1024),
  leafHash: text(64, whole(HEX_32_BYTES)),
  seq: integer(0, Number.MAX_SAFE_INTEGER),
  waiting: integer(0, 1000),
  withdrawn: boolean,
  confirmed: boolean,
})
const viewShape = object({
  state: oneOf(RECEIPT_STATES),
  code: nullable(text(64)),
  entry: nullable(entryShape),
  kept: nullable(text(ANSWER_MAX_CHARS)),
  refused: nullable(text(64)),
})

const DONE = {
  act: ['accepted', 'known', 'full', 'unknown'],
  withdraw: ['withdrawn', 'published', 'ended', 'unknown'],
  forget: ['forgotten', 'unpublished', 'unknown'],
} as const
type Done<Kind extends keyof typeof DONE> = (typeof DONE)[Kind][number]

export function writeView({ state, code, entry, kept, refused }: ReceiptView): string {
  const leaf = entry === null ? '' : fromUtf8(encodeLeaf(entry.leaf))
  return JSON.stringify({
    state,
    code,
    entry: entry === null ? null : { ...entry, leaf },
    kept: kept === null ? null : toBase64(kept),
    refused,
  })
}

/** Throws `bad_act`: an answer of another shape is no answer. */
export function readView(json: string): ReceiptView {
  const { state, code, entry, kept, refused } = parseJson(json, viewShape, 'bad_act')
  return {
    state,
    code,
    entry: entry === null ? null : { ...entry, leaf: parseLeaf(utf8(entry.leaf)) },
    kept: kept === null ? null : fromBase64(kept),
    refused,
  }
}

export function writeDone(answer: string): string {
  return JSON.stringify({ answer })
}

/** Throws `bad_act`. */
export function readDone<Kind extends keyof typeof DONE>(kind: Kind, json: string): Done<Kind> {
  const answers: readonly Done<Kind>[] = DONE[kind]
  return parseJson(json, object({ answer: oneOf(answers) }), 'bad_act').answer
}
