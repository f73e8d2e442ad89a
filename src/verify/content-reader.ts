import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  type ContentBody,
  type ContentLine,
  parseContentLine,
} from '../declaration/content.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { DIGEST_BYTES, DIGEST_CHARS, type DigestIn, digestOf, readDigest } from './digest-text.ts'

/** A visible part: its salt, and the bytes that are said to open the commitment. */
export type ShownPart = { readonly salt: DigestIn; readonly value: Uint8Array }
export type SharedText = { readonly salt: DigestIn; readonly textId: string }

/** A content line whose grammar is proven. A text of its own is only named: its bytes are in a file of theirs. */
export type ReadLine = {
  readonly index: number
  readonly body: ShownPart | SharedText | null
  readonly name: ShownPart | null
  readonly about: ShownPart | null
}

export type ContentReader = (bytes: Uint8Array, bundle: number) => readonly ReadLine[]

/** About values and standard texts repeat by the million. Bounds what a hostile mirror can fill. */
const MAX_KNOWN_VALUES = 65_536

/**
 * Reads content files as parseContentFile does and refuses what it refuses. A line of the usual shape, with an about and
 * a standard text that parseContentLine accepted before, is taken apart where it stands: reading JSON takes thirty times
 * as long as hashing what it says, and a replay reads a line for every declaration.
 */
export function createContentReader(): ContentReader {
  const known: KnownValues = { abouts: new Map(), standards: new Map() }
  return (bytes, bundle) => {
    const text = fromUtf8(bytes)
    const lines: ReadLine[] = []
    let next = bundle * BUNDLE_WIDTH
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start)
      if (end === -1) throw new Error('the last line does not end in LF')
      const line = readLine(text, start, end, known)
      if (line.index < next || line.index >= (bundle + 1) * BUNDLE_WIDTH) {
        throw new Error('an index is out of order or of another bundle')
      }
      lines.push(line)
      next = line.index + 1
      start = end + 1
    }
    return lines
  }
}

/** Committed values by the spelling that stands for them in a content line. */
type KnownValues = {
  readonly abouts: Map<string, Uint8Array>
  readonly standards: Map<string, Uint8Array>
}

function readLine(text: string, start: number, end: number, known: KnownValues): ReadLine {
  const usual =
    end - start > CONTENT_LINE_MAX_BYTES ? undefined : readUsual(text, start, end, known)
  return usual ?? fromContentLine(parseContentLine(text.slice(start, end)), known)
}

const INDEX = '{"index":'
const BODY = '"body":{"salt":"'
const TEXT = '","text":"'
const STANDARD = '","standard":"'
const NAME = '"name":{"salt":"'
const ABOUT = '"about":{"salt":"'
const VALUE = '","value":"'
const TEXT_ID_CHARS = 32

/**
 * The line at [start, end) of the text, or undefined for every line that this cannot read, whatever the reason:
 * parseContentLine judges it. Cutting lines out of the text first would make every look at a character slower.
 */
function readUsual(
  text: string,
  start: number,
  end: number,
  known: KnownValues,
): ReadLine | undefined {
  const bodyAt = text.indexOf(',', start) + 1
  const written = text.slice(start + INDEX.length, bodyAt - 1)
  const index = Number(written)
  if (!text.startsWith(INDEX, start) || String(index) !== written || !Number.isSafeInteger(index)) {
    return undefined
  }
  const salts = new Uint8Array(3 * DIGEST_BYTES)
  const body = text.startsWith(BODY, bodyAt)
    ? readBody(text, bodyAt + BODY.length, salts, known)
    : null
  const nameAt = body === null ? bodyAt : (body?.end ?? 0)
  const name = text.startsWith(NAME, nameAt) ? readName(text, nameAt + NAME.length, salts) : null
  const aboutAt = name === null ? nameAt : (name?.end ?? 0)
  const about = readAbout(text, aboutAt, end, salts, known)
  if (index < 0 || body === undefined || name === undefined || about === undefined) return undefined
  return { index, body: body?.part ?? null, name: name?.part ?? null, about }
}

/** A part read from a line, and where the next one would begin. */
type Taken<Part> = { readonly part: Part; readonly end: number }

function readBody(
  text: string,
  saltAt: number,
  salts: Uint8Array,
  { standards }: KnownValues,
): Taken<ShownPart | SharedText> | undefined {
  const salt = readDigest(text, saltAt, salts, 0)
  const restAt = saltAt + DIGEST_CHARS
  if (salt === undefined) return undefined
  if (text.startsWith(TEXT, restAt)) {
    const end = restAt + TEXT.length + TEXT_ID_CHARS
    const textId = text.slice(restAt + TEXT.length, end)
    const whole = /^[0-9a-f]{32}$/.test(textId) && text.startsWith('"},', end)
    return whole ? { part: { salt, textId }, end: end + 3 } : undefined
  }
  const end = text.indexOf('"', restAt + STANDARD.length)
  const value = standards.get(text.slice(restAt + STANDARD.length, end))
  const whole = text.startsWith(STANDARD, restAt) && text.startsWith('"},', end)
  return whole && value !== undefined ? { part: { salt, value }, end: end + 3 } : undefined
}

function readName(text: string, saltAt: number, salts: Uint8Array): Taken<ShownPart> | undefined {
  const salt = readDigest(text, saltAt, salts, DIGEST_BYTES)
  const valueAt = saltAt + DIGEST_CHARS + VALUE.length
  const end = text.indexOf('"', valueAt)
  const name = text.slice(valueAt, end)
  const whole =
    text.startsWith(VALUE, saltAt + DIGEST_CHARS) &&
    text.startsWith('"},', end) &&
    !name.includes('\\')
  return whole && salt !== undefined
    ? { part: { salt, value: encodeAnyName(name) }, end: end + 3 }
    : undefined
}

function readAbout(
  text: string,
  at: number,
  end: number,
  salts: Uint8Array,
  { abouts }: KnownValues,
): ShownPart | undefined {
  const saltAt = at + ABOUT.length
  const valueAt = saltAt + DIGEST_CHARS + VALUE.length
  const whole =
    text.startsWith(ABOUT, at) &&
    text.startsWith(VALUE, saltAt + DIGEST_CHARS) &&
    text.startsWith('"}}', end - 3)
  const salt = whole ? readDigest(text, saltAt, salts, 2 * DIGEST_BYTES) : undefined
  const value = whole ? abouts.get(text.slice(valueAt, end - 3)) : undefined
  return salt === undefined || value === undefined ? undefined : { salt, value }
}

/** Printable ASCII and Chinese ideographs, a unit each, which NFC leaves alone: what encodeName would let through. */
const PLAIN_NAME = /^[!-~\u4e00-\u9fff](?:[ -~\u4e00-\u9fff]{0,118}[!-~\u4e00-\u9fff])?$/
const encoder = new TextEncoder()

function encodeAnyName(name: string): Uint8Array {
  return PLAIN_NAME.test(name) ? encoder.encode(name) : encodeName(name)
}

function fromContentLine(line: ContentLine, { abouts, standards }: KnownValues): ReadLine {
  const { index, body, name, about } = line
  const read = {
    index,
    body: body === undefined ? null : fromBody(body),
    name: name === undefined ? null : { salt: digestOf(name.salt), value: encodeName(name.value) },
    about:
      about === undefined ? null : { salt: digestOf(about.salt), value: encodeAbout(about.value) },
  }
  if (read.about !== null) {
    keep(abouts, JSON.stringify(fromUtf8(read.about.value)).slice(1, -1), read.about.value)
  }
  if (body?.kind === 'standard') keep(standards, `${body.language} ${body.id}`, encodeBody(body))
  return read
}

function fromBody(body: ContentBody): ShownPart | SharedText {
  const salt = digestOf(body.salt)
  return body.kind === 'own' ? { salt, textId: body.textId } : { salt, value: encodeBody(body) }
}

function keep(values: Map<string, Uint8Array>, written: string, value: Uint8Array): void {
  if (values.size >= MAX_KNOWN_VALUES) values.clear()
  values.set(written, value)
}
