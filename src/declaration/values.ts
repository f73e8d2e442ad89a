import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { parseLines } from '../encoding/lines.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import { DAY, ID, LANGUAGE, whole } from './grammar.ts'
import { checkLine, checkText, NAME_MAX_CHARS, POSITION_MAX_CHARS, TEXT_MAX_CHARS } from './text.ts'

// The exact bytes that commitments stand for. One meaning has one spelling, so that an opening
// cannot be replaced by another that reads the same.

/** What a statement says: the person's own words, or a text of the form definition by its id. */
export type StatementText =
  | { readonly kind: 'own'; readonly language: string; readonly text: string }
  | { readonly kind: 'standard'; readonly language: string; readonly id: string }

/** What is known about the declarant; sector, standing, position and region fold by the minimum group. */
export type About = {
  readonly language: string
  readonly sector?: string
  readonly standing?: string
  readonly position?: string
  readonly region?: string
  readonly voice: string
  readonly channel: string
  readonly claimedDay?: string
  /** The person asked to show position and region although few share them. */
  readonly few: boolean
}

export const BODY_MAX_BYTES = 4 * TEXT_MAX_CHARS + 64
const ABOUT_MAX_BYTES = 1024

const STANDARD_PATTERN = whole(`standard (?<language>${LANGUAGE}) (?<id>${ID})\\n`)
const OWN_PATTERN = new RegExp(`^own (?<language>${LANGUAGE})\\n`)
const ABOUT_LINES = [
  { name: 'lang', key: 'language', pattern: whole(LANGUAGE) },
  { name: 'sector', key: 'sector', pattern: whole(ID) },
  { name: 'standing', key: 'standing', pattern: whole(ID) },
  { name: 'position', key: 'position', pattern: /^.+$/u },
  { name: 'region', key: 'region', pattern: whole(ID) },
  { name: 'voice', key: 'voice', pattern: whole(ID) },
  { name: 'channel', key: 'channel', pattern: whole(ID) },
  { name: 'claimed-day', key: 'claimedDay', pattern: whole(DAY) },
  { name: 'few', key: 'few', pattern: /^consented$/ },
] as const

export function encodeBody(text: StatementText): Uint8Array {
  const written =
    text.kind === 'own'
      ? `own ${text.language}\n${text.text}`
      : `standard ${text.language} ${text.id}\n`
  const body = utf8(written)
  parseBody(body)
  return body
}

/** Throws `bad_value`. */
export function parseBody(body: Uint8Array): StatementText {
  if (body.length > BODY_MAX_BYTES) throw badValue('body too long')
  const written = decode(body)
  const standard = STANDARD_PATTERN.exec(written)?.groups
  if (standard !== undefined) {
    const { language = '', id = '' } = standard
    return { kind: 'standard', language, id }
  }
  const own = OWN_PATTERN.exec(written)
  if (own === null) throw badValue('body is neither own nor standard')
  const text = written.slice(own[0].length)
  checkText(text)
  return { kind: 'own', language: own.groups?.['language'] ?? '', text }
}

export function encodeName(name: string): Uint8Array {
  checkLine(name, NAME_MAX_CHARS)
  return utf8(name)
}

/** Throws `bad_value`. */
export function parseName(value: Uint8Array): string {
  if (value.length > 4 * NAME_MAX_CHARS) throw badValue('name too long')
  const name = decode(value)
  checkLine(name, NAME_MAX_CHARS)
  return name
}

export function encodeAbout(about: About): Uint8Array {
  return utf8(formatAbout(about))
}

/** The text of `encodeAbout`. Throws `bad_value` for what would not read back. */
export function formatAbout(about: About): string {
  let text = ''
  for (const { name, key, pattern } of ABOUT_LINES) {
    const value = key === 'few' ? fewValue(about.few) : about[key]
    if (value === undefined) continue
    if (!pattern.test(value)) throw badValue(`${name} does not fit the grammar`)
    text += `${name} ${value}\n`
  }
  checkFreeValues(about.position, about.claimedDay)
  return text
}

/** What the patterns of single lines cannot say. */
function checkFreeValues(position: string | undefined, claimedDay: string | undefined): void {
  if (position !== undefined) checkLine(position, POSITION_MAX_CHARS)
  if (claimedDay !== undefined && !isCalendarDay(claimedDay)) throw badValue('no such day')
}

/** Throws `bad_value`. Lines in their fixed order, absent ones left out; lang, voice and channel are always there. */
export function parseAbout(value: Uint8Array): About {
  const lines = readLines(value)
  const found: Partial<Record<(typeof ABOUT_LINES)[number]['key'], string>> = {}
  let next = 0
  for (const { name, key, pattern } of ABOUT_LINES) {
    const line = lines[next]
    if (line === undefined || !line.startsWith(`${name} `)) continue
    const written = line.slice(name.length + 1)
    if (!pattern.test(written)) throw badValue(`${name} does not fit the grammar`)
    found[key] = written
    next++
  }
  if (next !== lines.length) throw badValue('unknown, repeated or misplaced line')
  const { language, voice, channel, few, position, claimedDay, ...rest } = found
  if (language === undefined || voice === undefined || channel === undefined) {
    throw badValue('lang, voice or channel missing')
  }
  checkFreeValues(position, claimedDay)
  return {
    language,
    ...rest,
    ...(position === undefined ? {} : { position }),
    voice,
    channel,
    ...(claimedDay === undefined ? {} : { claimedDay }),
    few: few !== undefined,
  }
}

/** The value of the author field: an Ed25519 public key as it is. */
export function encodeAuthor(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) throw badValue('author key is not 32 bytes')
  return new Uint8Array(publicKey)
}

export function parseAuthor(value: Uint8Array): Uint8Array {
  return encodeAuthor(value)
}

function fewValue(few: boolean): string | undefined {
  return few ? 'consented' : undefined
}

function readLines(value: Uint8Array): string[] {
  try {
    return parseLines(value, ABOUT_MAX_BYTES)
  } catch (cause) {
    throw new DeclarationError('bad_value', 'about is not lines', cause)
  }
}

function decode(value: Uint8Array): string {
  try {
    return fromUtf8(value)
  } catch (cause) {
    throw new DeclarationError('bad_value', 'not UTF-8', cause)
  }
}

function badValue(message: string): DeclarationError {
  return new DeclarationError('bad_value', message)
}
