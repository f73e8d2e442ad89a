/** Digits that stand close enough together to be one number, with what stands around them. */
export type NumberRun = {
  readonly digits: string
  /** Lengths of its groups, as the writer divided it. */
  readonly groups: readonly number[]
  readonly start: number
  readonly end: number
  /** The same line up to the number, at most 24 units. */
  readonly before: string
  /** What follows on the same line, at most 12 units. */
  readonly after: string
}

// Not the comma of a list, nor the space after one: what stands on both sides is two numbers then.
const GAP = /^(?:[ \-.·_()*/|~]{1,3}|,)$/
const DIGITS_MAX = 22
const BEFORE_CHARS = 24
const AFTER_CHARS = 12

/**
 * Calls `classify` with every way to join neighbouring groups, longest first, and yields what it recognised, from left
 * to right and never twice the same digits.
 */
export function* recogniseNumbers<T>(
  plain: string,
  classify: (run: NumberRun) => T | undefined,
): Generator<{ readonly run: NumberRun; readonly found: T }> {
  const groups = [...plain.matchAll(/\d+/g)].map(({ index, 0: digits }) => ({ index, digits }))
  for (let first = 0; first < groups.length; ) {
    const last = lastJoined(plain, groups, first)
    let next = first + 1
    for (let end = last; end >= first; end--) {
      const run = runOf(plain, groups.slice(first, end + 1))
      const found = classify(run)
      if (found === undefined) continue
      yield { run, found }
      next = end + 1
      break
    }
    first = next
  }
}

type Group = { readonly index: number; readonly digits: string }

function lastJoined(plain: string, groups: readonly Group[], first: number): number {
  let last = first
  let total = groups[first]?.digits.length ?? 0
  for (;;) {
    const here = groups[last]
    const next = groups[last + 1]
    if (here === undefined || next === undefined) return last
    total += next.digits.length
    const gap = plain.slice(here.index + here.digits.length, next.index)
    if (total > DIGITS_MAX || !GAP.test(gap)) return last
    last++
  }
}

function runOf(plain: string, groups: readonly Group[]): NumberRun {
  const start = groups[0]?.index ?? 0
  const last = groups.at(-1)
  const end = last === undefined ? start : last.index + last.digits.length
  const before = plain.slice(Math.max(0, start - BEFORE_CHARS), start)
  return {
    digits: groups.map(({ digits }) => digits).join(''),
    groups: groups.map(({ digits }) => digits.length),
    start,
    end,
    before: before.slice(before.lastIndexOf('\n') + 1),
    after: plain.slice(end, end + AFTER_CHARS).split('\n', 1)[0] ?? '',
  }
}
