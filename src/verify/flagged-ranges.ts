import type { IndexRange } from '../declaration/event-lines.ts'

/** A `flag` or `unflag` event: the later one decides. */
export type Flagging = { readonly flagged: boolean; readonly ranges: readonly IndexRange[] }

/**
 * Which declarations are flagged after all of `flaggings`, in the order of the log. The answer is for
 * ascending indices, as a pass over the log asks. A hostile log can hold millions of ranges: newest first,
 * each stretch between two bounds is painted once and skipped ever after, so time stays near linear.
 */
export function flaggedLookup(flaggings: readonly Flagging[]): (index: number) => boolean {
  const bounds = sortedBounds(flaggings)
  const stretchOf = new Map(Array.from(bounds, (bound, stretch) => [bound, stretch]))
  const flagged = new Uint8Array(bounds.length)
  const skipTo = Int32Array.from(bounds, (_, stretch) => stretch)
  for (const flagging of flaggings.toReversed()) {
    for (const { first, end } of flagging.ranges) {
      const last = stretchOf.get(end) ?? 0
      for (let at = unpainted(skipTo, stretchOf.get(first) ?? 0); at < last; ) {
        flagged[at] = flagging.flagged ? 1 : 0
        skipTo[at] = at + 1
        at = unpainted(skipTo, at)
      }
    }
  }
  let stretch = -1
  return (index) => {
    while ((bounds[stretch + 1] ?? Number.POSITIVE_INFINITY) <= index) stretch++
    return flagged[stretch] === 1
  }
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
