import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  type ContentBody,
  type ContentLine,
  parseContentLine,
} from '../declaration/content.ts'
import { BASE64_32_BYTES, HEX_16_BYTES, ID, LANGUAGE } from '../declaration/grammar.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'

/** A visible part: the salt in base64 as written, and the bytes that are said to open the commitment. */
export type ShownPart = { readonly salt: string; readonly value: Uint8Array }

/** A content line whose grammar is proven. A text of its own is only named: its bytes are in a file of theirs. */
export type ReadLine = {
  readonly index: number
  readonly body: ShownPart | SharedText | null
  readonly name: ShownPart | null
  readonly about: ShownPart | null
}
export type SharedText = { readonly salt: string; readonly textId: string }

export type ContentReader = (bytes: Uint8Array, bundle: number) => readonly ReadLine[]

const SALT = BASE64_32_BYTES
const BODY =
  `"body":\\{"salt":"(?<bodySalt>${SALT})",` +
  `"(?:text":"(?<textId>${HEX_16_BYTES})|standard":"(?<standard>${LANGUAGE} ${ID}))"\\}`
const NAME = `"name":\\{"salt":"(?<nameSalt>${SALT})","value":"(?<name>[^"\\\\]*)"\\}`
const ABOUT = `"about":\\{"salt":"(?<aboutSalt>${SALT})","value":"(?<about>[^"]*)"\\}`
const USUAL_LINE = new RegExp(
  `^\\{"index":(?<index>0|[1-9]\\d{0,14})(?:,${BODY})?(?:,${NAME})?,${ABOUT}\\}$`,
)

/** About values repeat by the million. Bounds what a hostile mirror can fill. */
const MAX_KNOWN_ABOUTS = 65_536

/**
 * Reads content files as parseContentFile does and refuses what it refuses. A line of the usual shape, with an about
 * that parseContentLine has accepted before, is taken apart by one expression: reading JSON takes thirty times as long
 * as hashing what it says, and a replay reads a line for every declaration.
 */
export function createContentReader(): ContentReader {
  const abouts = new Map<string, Uint8Array>()
  const readLine = (written: string): ReadLine => {
    const usual =
      written.length > CONTENT_LINE_MAX_BYTES ? undefined : USUAL_LINE.exec(written)?.groups
    const about = abouts.get(usual?.['about'] ?? '')
    if (usual !== undefined && about !== undefined) return readUsualLine(usual, about)
    const line = parseContentLine(written)
    if (line.about !== undefined && usual?.['about'] !== undefined) {
      if (abouts.size >= MAX_KNOWN_ABOUTS) abouts.clear()
      abouts.set(usual['about'], encodeAbout(line.about.value))
    }
    return fromContentLine(line)
  }
  return (bytes, bundle) => readLines(bytes, bundle, readLine)
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

function readUsualLine(
  groups: { readonly [name: string]: string | undefined },
  aboutValue: Uint8Array,
): ReadLine {
  const { index, bodySalt, textId, standard, nameSalt, name, aboutSalt = '' } = groups
  return {
    index: Number(index),
    body: bodySalt === undefined ? null : readBody(bodySalt, textId, standard),
    name:
      nameSalt === undefined || name === undefined
        ? null
        : { salt: nameSalt, value: encodeName(name) },
    about: { salt: aboutSalt, value: aboutValue },
  }
}

function readBody(salt: string, textId: string | undefined, standard: string | undefined) {
  return textId === undefined ? { salt, value: utf8(`standard ${standard}\n`) } : { salt, textId }
}

function fromContentLine({ index, body, name, about }: ContentLine): ReadLine {
  return {
    index,
    body: body === undefined ? null : fromBody(body),
    name: name === undefined ? null : { salt: toBase64(name.salt), value: encodeName(name.value) },
    about:
      about === undefined ? null : { salt: toBase64(about.salt), value: encodeAbout(about.value) },
  }
}

function fromBody(body: ContentBody): ShownPart | SharedText {
  const salt = toBase64(body.salt)
  return body.kind === 'own' ? { salt, textId: body.textId } : { salt, value: encodeBody(body) }
}
