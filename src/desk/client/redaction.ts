/** What stands in a published text where a reviewer took something out. */
const REDACTED = '[…]'

/** A range of UTF-16 units, as selections in a text field count. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** Takes the range out. Marks that it touches become one with it, and no character is cut in half. */
export function redactRange(text: string, range: TextRange): string {
  let start = outsidePair(text, Math.min(range.start, range.end), -1)
  let end = outsidePair(text, Math.max(range.start, range.end), 1)
  if (start >= end) return text
  for (let mark = text.indexOf(REDACTED); mark >= 0; mark = text.indexOf(REDACTED, mark + 1)) {
    if (mark > end || mark + REDACTED.length < start) continue
    start = Math.min(start, mark)
    end = Math.max(end, mark + REDACTED.length)
  }
  return text.slice(0, start) + REDACTED + text.slice(end)
}

/** Takes out every place where exactly these words stand; returns the text unchanged where they do not. */
export function redactWords(text: string, words: string): string {
  const wanted = words.normalize('NFC').trim()
  if (wanted === '') return text
  // Between marks only, so that no mark is taken for text of the person.
  const pieces = text.split(REDACTED).map((piece) => piece.split(wanted))
  const kept = pieces.flat()
  if (kept.length === pieces.length) return text
  return kept.filter((piece, i) => piece !== '' || i === 0 || i === kept.length - 1).join(REDACTED)
}

/** A stretch of the original: kept, or taken out by the redaction. */
export interface RedactionPart {
  readonly kept: boolean
  readonly text: string
}

/**
 * How `redacted` came from `original`: undefined when it says anything the original does not say in that
 * order. A reviewer may take words out of a person's mouth, never put any in.
 */
export function findRedactions(
  original: string,
  redacted: string,
): readonly RedactionPart[] | undefined {
  if (original === redacted) return [{ kept: true, text: original }]
  const pieces = redacted.split(REDACTED)
  const last = pieces.length - 1
  const parts: RedactionPart[] = []
  let position = 0
  for (const [i, piece] of pieces.entries()) {
    const found = i === last ? original.length - piece.length : original.indexOf(piece, position)
    if (found < position || !original.startsWith(piece, found)) return undefined
    if (i === 0 && found !== 0) return undefined
    if (found > position) parts.push({ kept: false, text: original.slice(position, found) })
    if (piece !== '') parts.push({ kept: true, text: piece })
    position = found + piece.length
  }
  return position === original.length ? parts : undefined
}

function outsidePair(text: string, at: number, step: -1 | 1): number {
  const bounded = Math.max(0, Math.min(text.length, at))
  const cutsPair =
    /[\ud800-\udbff]/.test(text.charAt(bounded - 1)) && /[\udc00-\udfff]/.test(text.charAt(bounded))
  return cutsPair ? bounded + step : bounded
}
