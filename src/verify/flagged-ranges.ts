import type { IndexRange } from '../declaration/event-lines.ts'

/** A `flag` or `unflag` event: the later one decides. */
export type Flagging = { readonly flagged: boolean; readonly ranges: readonly IndexRange[] }

/** From the `from`th tally on the declarations from `first` to before `end` are flagged, or not any more. */
type Stretch = IndexRange & { readonly from: number; readonly flagged: boolean }

export type FlagChange = { readonly from: number; readonly flagged: boolean }

/**
 * When declarations were flagged and unflagged, for ascending indices, as a pass over the log asks. `byTally` holds for
 * each tally the flaggings it was the first to count, in the order of the log.
 */
export function flagTimelines(
  byTally: ReadonlyMap<number, readonly Flagging[]>,
): (index: number) => readonly FlagChange[] {
  const stretches = [...byTally]
    .flatMap(([from, flaggings]) => paint(flaggings).map((painted) => ({ ...painted, from })))
    .sort((a, b) => a.first - b.first)
  let next = 0
  let over: Stretch[] = []
  let changesAt = 0
  let timeline: readonly FlagChange[] = []
  return (index) => {
    if (index < changesAt) return timeline
    over = over.filter(({ end }) => end > index)
    for (; (stretches[next]?.first ?? Number.POSITIVE_INFINITY) <= index; next++) {
      const stretch = stretches[next]
      if (stretch !== undefined && stretch.end > index) over.push(stretch)
    }
    changesAt = over.reduce(
      (least, { end }) => Math.min(least, end),
      stretches[next]?.first ?? Number.POSITIVE_INFINITY,
    )
    timeline = changesOf(over)
    return timeline
  }
}

function changesOf(over: readonly Stretch[]): readonly FlagChange[] {
  let flagged = false
  return over
    .toSorted((a, b) => a.from - b.from)
    .filter((stretch) => {
      const changes = stretch.flagged !== flagged
      flagged = stretch.flagged
      return changes
    })
}

type Painted = IndexRange & { readonly flagged: boolean }

/**
 * What all of `flaggings` together say, as stretches that do not overlap. A hostile log can hold millions of ranges: newest
 * first, each stretch between two bounds is painted once and skipped ever after, so time stays near linear.
 */
function paint(flaggings: readonly Flagging[]): Painted[] {
  const bounds = sortedBounds(flaggings)
  const stretchOf = new Map(Array.from(bounds, (bound, stretch) => [bound, stretch]))
  const colours = new Array<boolean | undefined>(bounds.length)
  const skipTo = Int32Array.from(bounds, (_, stretch) => stretch)
  for (const flagging of flaggings.toReversed()) {
    for (const { first, end } of flagging.ranges) {
      const last = stretchOf.get(end) ?? 0
      for (let at = unpainted(skipTo, stretchOf.get(first) ?? 0); at < last; ) {
        colours[at] = flagging.flagged
        skipTo[at] = at + 1
        at = unpainted(skipTo, at)
      }
    }
  }
  const painted: Painted[] = []
  for (const [at, first] of bounds.entries()) {
    const flagged = colours[at]
    if (flagged === undefined) continue
    const end = bounds[at + 1] ?? first
    const before = painted.at(-1)
    if (before?.end === first && before.flagged === flagged) {
      painted[painted.length - 1] = { ...before, end }
    } else painted.push({ first, end, flagged })
  }
  return painted
}

function sortedBounds(flaggings: readonly Flagging[]): Float64Array {
  const bounds = new Set<number>()
  for (const { ranges } of flaggings) {
    for (const { first, end } of ranges) {
      bounds.add(first)
      bounds.add(end)
    }
  }
  return Float64Array.from(bounds).sort()
}

/** The first stretch from `at` on that no later flagging painted; the way there is shortened for the next one. */
function unpainted(skipTo: Int32Array, at: number): number {
  let to = at
  while (to < skipTo.length && skipTo[to] !== to) to = skipTo[to] ?? to
  for (let step = at; step < to; ) {
    const next = skipTo[step] ?? to
    skipTo[step] = to
    step = next
  }
  return to
}
