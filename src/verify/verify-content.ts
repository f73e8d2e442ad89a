import { type CommittedField, commit, type Salt, type Sha256 } from '../declaration/commitment.ts'
import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  type ContentLine,
  parseContentFile,
} from '../declaration/content.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { toBase64 } from '../encoding/base64.ts'
import { entriesPath, TILE_WIDTH } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { PARTS, type Part, type PartRules } from './part-rules.ts'
import { readAhead } from './read-ahead.ts'
import { type TextReader, textFile } from './text-reader.ts'

export const CONTENT_MAX_BYTES = BUNDLE_WIDTH * CONTENT_LINE_MAX_BYTES
const TEXTS_AHEAD = 8

/** How many visible parts opened their commitment. */
export type OpenedParts = Readonly<Record<Part, number>>

export type ContentCheck = {
  readonly bundleIndex: number
  /** Undefined where there is no file: then no declaration of the bundle shows anything. */
  readonly bytes: Uint8Array | undefined
  /** One for each entry of the bundle. */
  readonly rules: readonly PartRules[]
  readonly readText: TextReader['readText']
  readonly sha256: Sha256
}

/** `content/000` belongs to entry bundle 0; further ones in the spelling of tile paths. */
export function contentFile(bundleIndex: number): string {
  return `content/${entriesPath(bundleIndex).slice('tile/entries/'.length)}`
}

/** Every part that must be visible is there, no other is, and each opens the newest commitment of its leaf. */
export async function verifyContent(check: ContentCheck): Promise<OpenedParts> {
  const opened = { body: 0, name: 0, about: 0 }
  const texts: SharedText[] = []
  for (const { index, line, rules } of pairLines(check)) {
    for (const part of PARTS) {
      if (isVisible(check, index, part, line, rules)) opened[part]++
    }
    if (line === undefined) continue
    const { body, name, about } = line
    if (name !== undefined) open(check, index, 'name', rules, name.salt, encodeName(name.value))
    if (about !== undefined) {
      open(check, index, 'about', rules, about.salt, encodeAbout(about.value))
    }
    if (body?.kind === 'standard') {
      open(check, index, 'body', rules, body.salt, encodeBody(body))
    }
    if (body?.kind === 'own') texts.push({ index, rules, salt: body.salt, textId: body.textId })
  }
  await openTexts(check, texts)
  return opened
}

type Paired = {
  readonly index: number
  readonly line: ContentLine | undefined
  readonly rules: PartRules
}
type SharedText = {
  readonly index: number
  readonly rules: PartRules
  readonly salt: Salt
  readonly textId: string
}

/** Each entry of the bundle with its line; both ascend. */
function* pairLines({ bundleIndex, bytes, rules }: ContentCheck): Generator<Paired> {
  const file = contentFile(bundleIndex)
  const lines = bytes === undefined ? [] : readLines(file, bytes, bundleIndex)
  let next = 0
  for (const [i, partRules] of rules.entries()) {
    const index = bundleIndex * TILE_WIDTH + i
    const line = lines[next]?.index === index ? lines[next++] : undefined
    yield { index, line, rules: partRules }
  }
  if (next < lines.length) {
    throw new VerifyError('bad_content', file, 'the file speaks of declarations that do not exist')
  }
}

function readLines(file: string, bytes: Uint8Array, bundleIndex: number) {
  try {
    return parseContentFile(bytes, bundleIndex)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_content', file, `the content does not read: ${reason}`, { cause })
  }
}

function isVisible(
  { bundleIndex }: ContentCheck,
  index: number,
  part: Part,
  line: ContentLine | undefined,
  rules: PartRules,
): boolean {
  const visible = line?.[part] !== undefined
  const { visible: rule } = rules[part]
  if (visible && rule === 'never') {
    throw new VerifyError(
      'part_not_shown',
      contentFile(bundleIndex),
      `${part} of declaration ${index} is there, but the log does not show it or has taken it back`,
    )
  }
  if (!visible && rule === 'must') {
    throw new VerifyError(
      'part_missing',
      contentFile(bundleIndex),
      `${part} of declaration ${index} is missing, and no event says why`,
    )
  }
  return visible
}

function open(
  { bundleIndex, sha256 }: ContentCheck,
  index: number,
  part: Part & CommittedField,
  rules: PartRules,
  salt: Salt,
  value: Uint8Array,
  file = contentFile(bundleIndex),
): void {
  if (toBase64(commit(part, salt, value, sha256)) !== rules[part].commitment) {
    throw new VerifyError(
      'part_mismatch',
      file,
      `${part} of declaration ${index} is not what its leaf committed to`,
    )
  }
}

async function openTexts(check: ContentCheck, texts: readonly SharedText[]): Promise<void> {
  const values = readAhead(texts.length, TEXTS_AHEAD, (position) =>
    check.readText(texts[position]?.textId ?? ''),
  )
  let next = 0
  for await (const value of values) {
    const text = texts[next++]
    if (text === undefined) return
    open(check, text.index, 'body', text.rules, text.salt, value, textFile(text.textId))
  }
}
