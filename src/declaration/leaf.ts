import { base64Length, writeBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { type Commitment, commitmentFromBase64 } from './commitment.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import {
  EVIDENCE,
  type Evidence,
  KEY_ORIGINS,
  type KeyOrigin,
  keyFitsEvidence,
} from './evidence.ts'
import { BASE64_32_BYTES, DAY, HEX_32_BYTES, ORGANISATIONS, whole } from './grammar.ts'
import { parseOrganisations } from './organisations.ts'

export const LEAF_MAX_BYTES = 512

export type Shown = { readonly name: boolean; readonly text: boolean }

/** One counted declaration. Every value is an id of the form definition or a digest: it is never erased. */
export type Leaf = {
  readonly form: string
  readonly day: string
  readonly orgs: readonly string[]
  readonly evidence: Evidence
  readonly key: KeyOrigin
  readonly shown: Shown
  readonly body?: Commitment
  readonly name?: Commitment
  readonly about: Commitment
  readonly author: Commitment
}

/** The grammar: these lines, in this order, each matched whole, each ended by LF. */
const LINES = [
  'avow/declaration/v1',
  `form (?<form>${HEX_32_BYTES})`,
  `day (?<day>${DAY})`,
  `orgs (?<orgs>${ORGANISATIONS})`,
  `evidence (?<evidence>${EVIDENCE.join('|')})`,
  `key (?<key>${KEY_ORIGINS.join('|')})`,
  'shown (?<shown>-|name|text|name,text)',
  `body (?<body>${BASE64_32_BYTES}|-)`,
  `name (?<name>${BASE64_32_BYTES}|-)`,
  `about (?<about>${BASE64_32_BYTES})`,
  `author (?<author>${BASE64_32_BYTES})`,
]
const LINE_PATTERNS = LINES.map(whole)
// One pass over the whole entry: a replay of a register parses every leaf.
const ENTRY_PATTERN = whole(LINES.map((line) => `${line}\\n`).join(''))

/** The lines whose values thousands of leaves share; the others are digests. */
const HEAD_LINES = 7
const HEADS_REMEMBERED = 1024
const HEAD_PATTERN = whole(
  LINES.slice(0, HEAD_LINES)
    .map((line) => `${line}\\n`)
    .join(''),
)
const heads = new Map<string, Uint8Array>()
let headsOf = { form: '', day: '' }
const BODY = utf8('body ')
const NAME = utf8('name ')
const ABOUT = utf8('about ')
const AUTHOR = utf8('author ')
const DASH = 0x2d
const LF = 0x0a

/** Throws `bad_leaf` for what would not read back: a leaf has no second chance. */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  return encodeLeafIn(leaf, (length) => new Uint8Array(length))
}

/** The same in room that the caller gives: thousands of leaves may share an allocation. */
export function encodeLeafIn(leaf: Leaf, allocate: (length: number) => Uint8Array): Uint8Array {
  const { shown, body, name, about, author } = leaf
  const head = encodeHead(leaf)
  if (shown.text && body === undefined) throw badLeaf('text shown without a body')
  if (shown.name && name === undefined) throw badLeaf('name shown without a name')
  const length =
    head.length +
    lineLength(BODY, body) +
    lineLength(NAME, name) +
    lineLength(ABOUT, about) +
    lineLength(AUTHOR, author)
  if (length > LEAF_MAX_BYTES) throw badLeaf(`more than ${LEAF_MAX_BYTES} bytes`)
  const entry = allocate(length)
  entry.set(head)
  let at = writeLine(entry, head.length, BODY, body)
  at = writeLine(entry, at, NAME, name)
  at = writeLine(entry, at, ABOUT, about)
  writeLine(entry, at, AUTHOR, author)
  return entry
}

function encodeHead({ form, day, orgs, evidence, key, shown }: Leaf): Uint8Array {
  // A batch has one form and one day: looking up the short rest takes half the time.
  if (form !== headsOf.form || day !== headsOf.day || heads.size === HEADS_REMEMBERED) {
    heads.clear()
    headsOf = { form, day }
  }
  const rest = `orgs ${orgs.join(',')}\nevidence ${evidence}\nkey ${key}\nshown ${formatShown(shown)}\n`
  const known = heads.get(rest)
  if (known !== undefined) return known
  const text = `avow/declaration/v1\nform ${form}\nday ${day}\n${rest}`
  const values = HEAD_PATTERN.exec(text)?.groups
  if (values === undefined) throw badLeaf(describeMismatch(text))
  checkHead(values)
  readOrganisations(values['orgs'] ?? '')
  const head = utf8(text)
  heads.set(rest, head)
  return head
}

function lineLength(label: Uint8Array, commitment: Commitment | undefined): number {
  if (commitment === undefined) return label.length + 2
  if (commitment.length !== 32) throw badLeaf('not a commitment')
  return label.length + base64Length(32) + 1
}

/** Returns the offset after the line. */
function writeLine(
  entry: Uint8Array,
  at: number,
  label: Uint8Array,
  commitment: Commitment | undefined,
): number {
  entry.set(label, at)
  let end = at + label.length
  if (commitment === undefined) entry[end++] = DASH
  else end = writeBase64(commitment, entry, end)
  entry[end] = LF
  return end + 1
}

/** Throws `bad_leaf`. The bytes may come from anyone; nothing longer than 512 bytes is looked at. */
export function parseLeaf(entry: Uint8Array): Leaf {
  if (entry.length > LEAF_MAX_BYTES) throw badLeaf(`more than ${LEAF_MAX_BYTES} bytes`)
  const values = readEntry(decode(entry))
  const { form = '', day = '', body = '-', name = '-', about = '', author = '' } = values
  return {
    form,
    day,
    orgs: readOrganisations(values['orgs'] ?? ''),
    evidence: member(EVIDENCE, values['evidence']),
    key: member(KEY_ORIGINS, values['key']),
    shown: parseShown(values['shown'] ?? ''),
    ...(body === '-' ? {} : { body: commitmentFromBase64(body) }),
    ...(name === '-' ? {} : { name: commitmentFromBase64(name) }),
    about: commitmentFromBase64(about),
    author: commitmentFromBase64(author),
  }
}

type EntryValues = { readonly [name: string]: string | undefined }

/** The grammar, and what the grammar cannot say. */
function readEntry(text: string): EntryValues {
  const values = ENTRY_PATTERN.exec(text)?.groups
  if (values === undefined) throw badLeaf(describeMismatch(text))
  checkHead(values)
  const shown = parseShown(values['shown'] ?? '')
  if (shown.text && values['body'] === '-') throw badLeaf('text shown without a body')
  if (shown.name && values['name'] === '-') throw badLeaf('name shown without a name')
  return values
}

function checkHead(values: EntryValues): void {
  if (!isCalendarDay(values['day'] ?? '')) throw badLeaf('day does not exist')
  if (!keyFitsEvidence(member(EVIDENCE, values['evidence']), member(KEY_ORIGINS, values['key']))) {
    throw badLeaf('key does not fit evidence')
  }
}

export function formatShown(shown: Shown): string {
  if (shown.name) return shown.text ? 'name,text' : 'name'
  return shown.text ? 'text' : '-'
}

/** Reads what the grammar let through: `-`, `name`, `text` or `name,text`. */
export function parseShown(text: string): Shown {
  return { name: text.startsWith('name'), text: text.endsWith('text') }
}

function readOrganisations(text: string): readonly string[] {
  try {
    return parseOrganisations(text)
  } catch (cause) {
    throw new DeclarationError('bad_leaf', 'orgs not sorted and distinct', cause)
  }
}

function decode(entry: Uint8Array): string {
  try {
    return fromUtf8(entry)
  } catch (cause) {
    throw new DeclarationError('bad_leaf', 'not UTF-8', cause)
  }
}

function describeMismatch(text: string): string {
  const lines = text.split('\n')
  const wrong = LINE_PATTERNS.findIndex((pattern, i) => !pattern.test(lines[i] ?? ''))
  return wrong === -1 ? 'lines after the last' : `line ${wrong + 1} does not fit the grammar`
}

function member<T extends string>(members: readonly T[], text: string | undefined): T {
  const found = members.find((candidate) => candidate === text)
  if (found === undefined) throw badLeaf('value outside the grammar')
  return found
}

function badLeaf(message: string): DeclarationError {
  return new DeclarationError('bad_leaf', message)
}
