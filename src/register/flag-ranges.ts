import type { IndexRange } from '../declaration/event-lines.ts'

/** In ascending order, and none touches or overlaps another. */
export type Ranges = readonly IndexRange[]

export function addRange(ranges: Ranges, added: IndexRange): Ranges {
  const touches = ({ first, end }: IndexRange) => first <= added.end && end >= added.first
  const touched = ranges.filter(touches)
  const whole = {
    first: Math.min(added.first, ...touched.map(({ first }) => first)),
    end: Math.max(added.end, ...touched.map(({ end }) => end)),
  }
  return sorted([...ranges.filter((range) => !touches(range)), whole])
}

export function removeRange(ranges: Ranges, removed: IndexRange): Ranges {
  return ranges.flatMap(({ first, end }) =>
    pieces([
      { first, end: Math.min(end, removed.first) },
      { first: Math.max(first, removed.end), end },
    ]),
  )
}

/** The parts of `range` that are in `ranges`. */
export function coveredBy(ranges: Ranges, range: IndexRange): Ranges {
  return pieces(
    ranges.map(({ first, end }) => ({
      first: Math.max(first, range.first),
      end: Math.min(end, range.end),
    })),
  )
}

/** The parts of `range` that are in none of `ranges`. */
export function missingFrom(ranges: Ranges, range: IndexRange): Ranges {
  return coveredBy(ranges, range).reduce<Ranges>(removeRange, [range])
}

export function isIn(ranges: Ranges, index: number): boolean {
  return ranges.some(({ first, end }) => first <= index && index < end)
}

function pieces(ranges: Ranges): Ranges {
  return ranges.filter(({ first, end }) => first < end)
}

function sorted(ranges: Ranges): Ranges {
  return ranges.toSorted((a, b) => a.first - b.first)
}
