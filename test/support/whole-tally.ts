import { DeclarationError } from '../../src/declaration/error.ts'
import { type ActEvent, isAct, type LogEvent } from '../../src/declaration/event.ts'
import type { IndexRange } from '../../src/declaration/event-lines.ts'
import type { Leaf } from '../../src/declaration/leaf.ts'
import {
  type ActTrust,
  applyAct,
  type LeafState,
  startState,
} from '../../src/declaration/leaf-state.ts'
import { partKey, type Tally, tallyOf } from '../../src/declaration/tally.ts'

/** An event that names what is not there or proves nothing. It is reported and never counted. */
export type TallyFinding = { readonly event: number; readonly reason: string }

type Flag = { readonly flagged: boolean; readonly ranges: readonly IndexRange[] }

/**
 * The tally of whole logs, the plain way that others are compared with: in one pass over the leaves and in memory that grows with the acts only.
 * `onFinding` hears of every event that is not counted.
 */
export async function tally(
  leaves: AsyncIterable<Leaf> | Iterable<Leaf>,
  events: AsyncIterable<LogEvent> | Iterable<LogEvent>,
  trust: ActTrust,
  onFinding: (finding: TallyFinding) => void,
): Promise<Tally> {
  const acts = new Map<number, { readonly position: number; readonly event: ActEvent }[]>()
  const flags: Flag[] = []
  let eventCount = 0
  for await (const event of events) {
    const position = eventCount++
    if (isAct(event)) {
      const ofLeaf = acts.get(event.index)
      if (ofLeaf === undefined) acts.set(event.index, [{ position, event }])
      else ofLeaf.push({ position, event })
    } else if (event.type === 'flag' || event.type === 'unflag') {
      const reason = refuseRanges(event.ranges, event.size)
      if (reason !== undefined) onFinding({ event: position, reason })
      else flags.push({ flagged: event.type === 'flag', ranges: event.ranges })
    }
  }
  const isFlagged = flagLookup(flags)
  const counts = new Map<string, number>()
  let index = 0
  for await (const leaf of leaves) {
    let state = untouched(leaf)
    for (const { position, event } of acts.get(index) ?? []) {
      if (state.leafHash === '') state = startState(leaf, trust.sha256)
      const applied = tryAct(state, event, trust)
      if (typeof applied === 'string') onFinding({ event: position, reason: applied })
      else state = applied
    }
    add(counts, partKey({ ...state, flagged: isFlagged(index) }), 1)
    acts.delete(index)
    index++
  }
  for (const { position } of Array.from(acts.values()).flat()) {
    onFinding({ event: position, reason: 'no such declaration' })
  }
  return tallyOf(index, eventCount, counts)
}

function tryAct(state: LeafState, event: ActEvent, trust: ActTrust): LeafState | string {
  try {
    return applyAct(state, event, trust)
  } catch (error) {
    if (error instanceof DeclarationError && error.code === 'act_refused') return error.message
    throw error
  }
}

function refuseRanges(ranges: readonly IndexRange[], size: number): string | undefined {
  return ranges.some(({ end }) => end > size) ? 'range beyond the size the event names' : undefined
}

/** Later flags and unflags paint over earlier ones; between two neighbouring bounds nothing changes. */
function flagLookup(flags: readonly Flag[]): (index: number) => boolean {
  const bounds = flags.flatMap(({ ranges }) => ranges.flatMap(({ first, end }) => [first, end]))
  const starts = Array.from(new Set(bounds)).toSorted((a, b) => a - b)
  const painted = starts.map(() => false)
  for (const { flagged, ranges } of flags) {
    for (const { first, end } of ranges) {
      painted.fill(flagged, starts.indexOf(first), starts.indexOf(end))
    }
  }
  // Leaves are asked for in ascending order, so the segment only moves forward.
  let segment = -1
  return (index) => {
    while (segment + 1 < starts.length && (starts[segment + 1] ?? 0) <= index) segment++
    return painted[segment] ?? false
  }
}

/** Most leaves are never acted upon: their hash is not worth computing. */
function untouched(leaf: Leaf): LeafState {
  return {
    leaf,
    leafHash: '',
    rekeyed: null,
    seq: 0,
    withdrawn: false,
    confirmed: false,
    flagged: false,
  }
}

function add(counts: Map<string, number>, key: string, step: number): void {
  counts.set(key, (counts.get(key) ?? 0) + step)
}
