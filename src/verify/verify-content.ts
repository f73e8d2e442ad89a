import {
  BUNDLE_WIDTH,
  CONTENT_LINE_MAX_BYTES,
  contentPath,
  contentTextPath,
} from '../declaration/content.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import type { ContentReader, ReadLine, SharedText, ShownPart } from './content-reader.ts'
import { VerifyError } from './error.ts'
import type { OpeningCheck } from './opening-check.ts'
import type { Part, PartRule, PartRules } from './part-rules.ts'
import { readAhead } from './read-ahead.ts'
import type { TextReader } from './text-reader.ts'

export const CONTENT_MAX_BYTES = BUNDLE_WIDTH * CONTENT_LINE_MAX_BYTES
const TEXTS_AHEAD = 8

/** How many visible parts opened their commitment. */
export type OpenedParts = Readonly<Record<Part, number>>

export type ContentTools = {
  readonly readContent: ContentReader
  readonly texts: Pick<TextReader, 'readText' | 'findKept'>
  readonly checkOpening: OpeningCheck
  /** Told of parts that are shown and need not be. */
  readonly noteOptional?: (index: number, part: Part) => void
}

/**
 * Every part that must be visible is there, no other is, and each opens the newest commitment of its leaf. `rules` has
 * one for each entry of the bundle; without a file, `bytes` is undefined and no declaration shows anything.
 */
export async function verifyContent(
  bundleIndex: number,
  bytes: Uint8Array | undefined,
  rules: readonly PartRules[],
  tools: ContentTools,
): Promise<OpenedParts> {
  const file = contentPath(bundleIndex)
  const lines = bytes === undefined ? [] : readLines(file, bytes, bundleIndex, tools)
  const opened = { body: 0, name: 0, about: 0 }
  const texts: NamedText[] = []
  let next = 0
  for (const [i, ofEntry] of rules.entries()) {
    const index = bundleIndex * TILE_WIDTH + i
    const { body, name, about } = lines[next]?.index === index ? (lines[next++] ?? EMPTY) : EMPTY
    if (isVisible(file, index, 'body', body, ofEntry.body)) {
      opened.body++
      if ('textId' in body) texts.push({ shared: body, index, rule: ofEntry.body })
      else open(file, index, 'body', body, ofEntry.body, tools)
    }
    if (isVisible(file, index, 'name', name, ofEntry.name)) {
      opened.name++
      open(file, index, 'name', name, ofEntry.name, tools)
    }
    if (isVisible(file, index, 'about', about, ofEntry.about)) {
      opened.about++
      open(file, index, 'about', about, ofEntry.about, tools)
    }
    if (body !== null && ofEntry.body.visible === 'may') tools.noteOptional?.(index, 'body')
    if (name !== null && ofEntry.name.visible === 'may') tools.noteOptional?.(index, 'name')
    if (about !== null && ofEntry.about.visible === 'may') tools.noteOptional?.(index, 'about')
  }
  if (next < lines.length) {
    const message = 'the file shows declarations that are not in the log'
    throw new VerifyError('part_not_shown', file, message)
  }
  await openTexts(file, texts, tools)
  return opened
}

const EMPTY: Omit<ReadLine, 'index'> = { body: null, name: null, about: null }

type NamedText = {
  readonly shared: SharedText
  readonly index: number
  readonly rule: PartRule
}

function readLines(
  file: string,
  bytes: Uint8Array,
  bundleIndex: number,
  { readContent }: ContentTools,
): readonly ReadLine[] {
  try {
    return readContent(bytes, bundleIndex)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_content', file, `the content does not read: ${reason}`, { cause })
  }
}

function isVisible<Shown>(
  file: string,
  index: number,
  part: Part,
  shown: Shown | null,
  { visible }: PartRule,
): shown is Shown {
  if (shown !== null && visible === 'never') {
    const message = `${part} of declaration ${index} is there, but the log does not show it or took it back`
    throw new VerifyError('part_not_shown', file, message)
  }
  if (shown === null && visible === 'must') {
    const message = `${part} of declaration ${index} is missing, and no event says why`
    throw new VerifyError('part_missing', file, message)
  }
  return shown !== null
}

function open(
  file: string,
  index: number,
  part: Part,
  { salt, value }: ShownPart,
  { commitment }: PartRule,
  { checkOpening }: ContentTools,
): void {
  if (commitment === null || checkOpening(part, salt, value, commitment) === 'differs') {
    const message = `${part} of declaration ${index} is not what its leaf committed to`
    throw new VerifyError('part_mismatch', file, message)
  }
}

/** A text that does not open is blamed on its own file, though its salt stands in the content file. */
async function openTexts(
  namedIn: string,
  named: readonly NamedText[],
  tools: ContentTools,
): Promise<void> {
  const { findKept, readText } = tools.texts
  const byText = Map.groupBy(named, ({ shared }) => shared.textId)
  const unread = Array.from(byText.keys()).filter((textId) => findKept(textId) === undefined)
  const values = readAhead(unread.length, TEXTS_AHEAD, (position) =>
    readText(unread[position] ?? '', namedIn),
  )
  const openAll = (textId: string, value: Uint8Array) => {
    for (const { index, shared, rule } of byText.get(textId) ?? []) {
      open(contentTextPath(textId), index, 'body', { salt: shared.salt, value }, rule, tools)
    }
  }
  // Before the unread ones are read: what is kept now may have to make room for them.
  for (const textId of byText.keys()) {
    const value = findKept(textId)
    if (value !== undefined) openAll(textId, value)
  }
  let next = 0
  for await (const value of values) openAll(unread[next++] ?? '', value)
}
