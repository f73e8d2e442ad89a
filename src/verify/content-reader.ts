import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  type ContentBody,
  type ContentLine,
  parseContentLine,
} from '../declaration/content.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { DIGEST_CHARS, readDigest } from './digest-text.ts'

/** A visible part: its salt, and the bytes that are said to open the commitment. */
export type ShownPart = { readonly salt: Uint8Array; readonly value: Uint8Array }
export type SharedText = { readonly salt: Uint8Array; readonly textId: string }

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
  const readLine = (written: string): ReadLine => {
    const usual = written.length > CONTENT_LINE_MAX_BYTES ? undefined : readUsual(written, known)
    return usual ?? fromContentLine(parseContentLine(written), known)
  }
  return (bytes, bundle) => readLines(bytes, bundle, readLine)
}

/** Committed values by the spelling that stands for them in a content line. */
type KnownValues = {
  readonly abouts: Map<string, Uint8Array>
  readonly standards: Map<string, Uint8Array>
}

function readLines(bytes: Uint8Array, bundle: number, readLine: (written: string) => ReadLine) {
  const written = fromUtf8(bytes)
  if (written === '') return []
  if (!written.endsWith('\n')) throw new Error('the last line does not end in LF')
  let next = bundle * BUNDLE_WIDTH
  return written
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const read = readLine(line)
      if (read.index < next || read.index >= (bundle + 1) * BUNDLE_WIDTH) {
        throw new Error('an index is out of order or of another bundle')
      }
      next = read.index + 1
      return read
    })
}

const INDEX = '{"index":'
const BODY = '"body":{"salt":"'
const TEXT = '","text":"'
const STANDARD = '","standard":"'
const NAME = '"name":{"salt":"'
const ABOUT = '"about":{"salt":"'
const VALUE = '","value":"'
const TEXT_ID_CHARS = 32

/** Undefined for every line that this cannot read, whatever the reason: parseContentLine judges it. */
function readUsual(line: string, known: KnownValues): ReadLine | undefined {
  const bodyAt = line.indexOf(',') + 1
  const written = line.slice(INDEX.length, bodyAt - 1)
  const index = Number(written)
  if (!line.startsWith(INDEX) || String(index) !== written || !Number.isSafeInteger(index)) {
    return undefined
  }
  const body = line.startsWith(BODY, bodyAt) ? readBody(line, bodyAt + BODY.length, known) : null
  const nameAt = body === null ? bodyAt : (body?.end ?? 0)
  const name = line.startsWith(NAME, nameAt) ? readName(line, nameAt + NAME.length) : null
  const aboutAt = name === null ? nameAt : (name?.end ?? 0)
  const about = readAbout(line, aboutAt, known)
  if (index < 0 || body === undefined || name === undefined || about === undefined) return undefined
  return { index, body: body?.part ?? null, name: name?.part ?? null, about }
}

/** A part read from a line, and where the next one would begin. */
type Taken<Part> = { readonly part: Part; readonly end: number }

function readBody(
  line: string,
  saltAt: number,
  { standards }: KnownValues,
): Taken<ShownPart | SharedText> | undefined {
  const salt = readDigest(line, saltAt)
  if (salt === undefined) return undefined
  const restAt = saltAt + DIGEST_CHARS
  if (line.startsWith(TEXT, restAt)) {
    const end = restAt + TEXT.length + TEXT_ID_CHARS
    const textId = line.slice(restAt + TEXT.length, end)
    const whole = /^[0-9a-f]{32}$/.test(textId) && line.startsWith('"},', end)
    return whole ? { part: { salt, textId }, end: end + 3 } : undefined
  }
  const end = line.indexOf('"', restAt + STANDARD.length)
  const value = standards.get(line.slice(restAt + STANDARD.length, end))
  const whole = line.startsWith(STANDARD, restAt) && line.startsWith('"},', end)
  return whole && value !== undefined ? { part: { salt, value }, end: end + 3 } : undefined
}

function readName(line: string, saltAt: number): Taken<ShownPart> | undefined {
  const salt = readDigest(line, saltAt)
  const valueAt = saltAt + DIGEST_CHARS + VALUE.length
  const end = line.indexOf('"', valueAt)
  const name = line.slice(valueAt, end)
  const whole =
    line.startsWith(VALUE, saltAt + DIGEST_CHARS) &&
    line.startsWith('"},', end) &&
    !name.includes('\\')
  return whole && salt !== undefined
    ? { part: { salt, value: encodeAnyName(name) }, end: end + 3 }
    : undefined
}

function readAbout(line: string, at: number, { abouts }: KnownValues): ShownPart | undefined {
  const saltAt = at + ABOUT.length
  const valueAt = saltAt + DIGEST_CHARS + VALUE.length
  const whole =
    line.startsWith(ABOUT, at) &&
    line.startsWith(VALUE, saltAt + DIGEST_CHARS) &&
    line.endsWith('"}}')
  const salt = whole ? readDigest(line, saltAt) : undefined
  const value = whole ? abouts.get(line.slice(valueAt, -3)) : undefined
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
    name: name === undefined ? null : { salt: name.salt, value: encodeName(name.value) },
    about: about === undefined ? null : { salt: about.salt, value: encodeAbout(about.value) },
  }
  if (read.about !== null) {
    keep(abouts, JSON.stringify(fromUtf8(read.about.value)).slice(1, -1), read.about.value)
  }
  if (body?.kind === 'standard') keep(standards, `${body.language} ${body.id}`, encodeBody(body))
  return read
}

function fromBody(body: ContentBody): ShownPart | SharedText {
  const { salt } = body
  return body.kind === 'own' ? { salt, textId: body.textId } : { salt, value: encodeBody(body) }
}

function keep(values: Map<string, Uint8Array>, written: string, value: Uint8Array): void {
  if (values.size >= MAX_KNOWN_VALUES) values.clear()
  values.set(written, value)
}
