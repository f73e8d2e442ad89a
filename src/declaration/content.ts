import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { entriesPath } from '../tlog/tile.ts'
import { type Salt, saltFromBase64 } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { BASE64_32_BYTES, HEX_16_BYTES, ID, LANGUAGE, whole } from './grammar.ts'
import { checkedText, integer, object, parseJson, type Shape, text } from './json-shape.ts'
import { checkLine, NAME_MAX_CHARS } from './text.ts'
import { type About, formatAbout, parseAbout } from './values.ts'

export const BUNDLE_WIDTH = 256
export const CONTENT_LINE_MAX_BYTES = 4096

/** The visible parts of one declaration with the salts that open its commitments; an erased part is absent. */
export type ContentLine = {
  readonly index: number
  readonly body?: ContentBody
  readonly name?: { readonly salt: Salt; readonly value: string }
  readonly about?: { readonly salt: Salt; readonly value: About }
}

/** A text of its own stands once in `content/texts/<id>`, however many persons share it. */
export type ContentBody =
  | { readonly kind: 'own'; readonly salt: Salt; readonly textId: string }
  | {
      readonly kind: 'standard'
      readonly salt: Salt
      readonly language: string
      readonly id: string
    }

const STANDARD = whole(`(?<language>${LANGUAGE}) (?<id>${ID})`)
const salt: Shape<string> = text(44, whole(BASE64_32_BYTES))
const lineShape = object(
  { index: integer(0, Number.MAX_SAFE_INTEGER) },
  {
    body: object({ salt }, { text: text(32, whole(HEX_16_BYTES)), standard: text(80, STANDARD) }),
    name: object({ salt, value: checkedText((name) => checkLine(name, NAME_MAX_CHARS)) }),
    about: object({ salt, value: text(1024) }),
  },
)

/** `content/<N>`, N written as in the path of the entry bundle that the file belongs to. */
export function contentPath(bundle: number): string {
  return entriesPath(bundle).replace('tile/entries/', 'content/')
}

/** Where the body of a text of its own stands, exactly as its commitment has it. */
export function contentTextPath(textId: string): string {
  return `content/texts/${textId}`
}

/** One JSON line, members in the order index, body, name, about, without its LF. */
export function encodeContentLine({ index, body, name, about }: ContentLine): string {
  return formatContentLine({
    index,
    ...(body === undefined ? {} : { body: { ...body, salt: toBase64(body.salt) } }),
    ...(name === undefined ? {} : { name: { salt: toBase64(name.salt), value: name.value } }),
    ...(about === undefined
      ? {}
      : { about: { salt: toBase64(about.salt), value: formatAbout(about.value) } }),
  })
}

/** A line whose salts are base64 and whose about is canonical already, as a verified proposal has them. */
export type SpelledContentLine = {
  readonly index: number
  readonly body?:
    | { readonly kind: 'own'; readonly salt: string; readonly textId: string }
    | {
        readonly kind: 'standard'
        readonly salt: string
        readonly language: string
        readonly id: string
      }
  readonly name?: { readonly salt: string; readonly value: string }
  readonly about?: { readonly salt: string; readonly value: string }
}

/** Only a name and an about can hold what JSON escapes. */
export function formatContentLine({ index, body, name, about }: SpelledContentLine): string {
  let line = `{"index":${index}`
  if (body?.kind === 'own') line += `,"body":{"salt":"${body.salt}","text":"${body.textId}"}`
  if (body?.kind === 'standard') {
    line += `,"body":{"salt":"${body.salt}","standard":"${body.language} ${body.id}"}`
  }
  if (name !== undefined) line += `,"name":${formatPart(name)}`
  if (about !== undefined) line += `,"about":${formatPart(about)}`
  return `${line}}`
}

function formatPart({ salt, value }: { readonly salt: string; readonly value: string }): string {
  return `{"salt":"${salt}","value":${JSON.stringify(value)}}`
}

/** Throws `bad_content`. The text may come from any mirror; what it says is checked against the leaf elsewhere. */
export function parseContentLine(written: string): ContentLine {
  if (written.length > CONTENT_LINE_MAX_BYTES) throw badContent('line too long')
  const { index, body, name, about } = parseJson(written, lineShape, 'bad_content')
  const line: ContentLine = {
    index,
    ...(body === undefined ? {} : { body: readBody(body) }),
    ...(name === undefined ? {} : { name: { salt: saltFromBase64(name.salt), value: name.value } }),
    ...(about === undefined
      ? {}
      : { about: { salt: saltFromBase64(about.salt), value: readAbout(about.value) } }),
  }
  if (body === undefined && name === undefined && about === undefined) {
    throw badContent('a line without a visible part')
  }
  if (encodeContentLine(line) !== written) throw badContent('not the one spelling of the line')
  return line
}

export function encodeContentFile(lines: readonly ContentLine[]): Uint8Array {
  return utf8(lines.map((line) => `${encodeContentLine(line)}\n`).join(''))
}

/** Reads `content/<bundle>`: indices ascend and belong to the bundle. Throws `bad_content`. */
export function parseContentFile(bytes: Uint8Array, bundle: number): readonly ContentLine[] {
  if (bytes.length > BUNDLE_WIDTH * CONTENT_LINE_MAX_BYTES) throw badContent('file too long')
  const written = decode(bytes)
  if (written === '') return []
  if (!written.endsWith('\n')) throw badContent('last line does not end in LF')
  const lines = written.slice(0, -1).split('\n').map(parseContentLine)
  let next = bundle * BUNDLE_WIDTH
  for (const { index } of lines) {
    if (index < next || index >= (bundle + 1) * BUNDLE_WIDTH) {
      throw badContent('index out of order or of another bundle')
    }
    next = index + 1
  }
  return lines
}

function readBody(body: {
  readonly salt: string
  readonly text?: string
  readonly standard?: string
}): ContentBody {
  const bodySalt = saltFromBase64(body.salt)
  if (body.text !== undefined && body.standard === undefined) {
    return { kind: 'own', salt: bodySalt, textId: body.text }
  }
  const standard = STANDARD.exec(body.standard ?? '')?.groups
  if (body.text !== undefined || standard === undefined) {
    throw badContent('a body is a text or a standard text')
  }
  const { language = '', id = '' } = standard
  return { kind: 'standard', salt: bodySalt, language, id }
}

function readAbout(value: string): About {
  try {
    return parseAbout(utf8(value))
  } catch (cause) {
    throw new DeclarationError('bad_content', 'about does not read', cause)
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new DeclarationError('bad_content', 'not UTF-8', cause)
  }
}

function badContent(message: string): DeclarationError {
  return new DeclarationError('bad_content', message)
}
