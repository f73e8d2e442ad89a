import { findNumbers } from './find-numbers.ts'
import { findPersons } from './find-persons.ts'
import { findShapes } from './find-shapes.ts'
import { PARTICULAR_KINDS, type Particular } from './particular.ts'
import { originalRange, plainText, readCharacterDigits, readLookAlikes } from './plain-text.ts'

/**
 * Stretches of a text that may tell who a person is, in order, without overlaps. Suggestions for a reader who decides:
 * what it does not mark may be telling all the same. `text` is a stranger's, up to 20,000 characters.
 */
export function findParticulars(text: string): readonly Particular[] {
  const plain = plainText(text)
  const asDigits = readCharacterDigits(readLookAlikes(plain))
  const found = [
    ...findNumbers(asDigits.plain),
    ...findShapes(plain.plain),
    ...findPersons(plain.plain),
  ].map(({ kind, reason, start, end }) => ({ kind, reason, ...originalRange(plain, start, end) }))
  return withoutOverlaps(found)
}

/** The stronger kind stands where two meet, and among equals the longer; touching ranges stay apart. */
function withoutOverlaps(found: readonly Particular[]): readonly Particular[] {
  const strongFirst = found.toSorted(
    (a, b) => strength(a) - strength(b) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  )
  const kept: Particular[] = []
  for (const one of strongFirst) {
    if (kept.every(({ start, end }) => end <= one.start || start >= one.end)) kept.push(one)
  }
  return kept.toSorted((a, b) => a.start - b.start)
}

function strength({ kind }: Particular): number {
  return PARTICULAR_KINDS.indexOf(kind)
}
