import { DeclarationError } from './error.ts'
import { type ActEvent, isAct, type LogEvent } from './event.ts'
import type { IndexRange } from './event-lines.ts'
import type { Leaf } from './leaf.ts'
import { type ActTrust, applyAct, type LeafState, startState } from './leaf-state.ts'
import { keyOfPart, partKey, type Tally, tallyOf } from './tally.ts'

/** An event that names what is not there or proves nothing. It is reported and never counted. */
export type TallyFinding = { readonly event: number; readonly reason: string }

type Flag = { readonly flagged: boolean; readonly ranges: readonly IndexRange[] }

/**
 * The tally of whole logs, in one pass over the leaves and in memory that grows with the acts only.
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

/**
 * The same tally kept up to date while logs grow. Add the leaves an event may name before the event.
 * `loadState` gives the state of a declaration from before this Tallier began: with a tally to go on
 * from, its earlier acts are in it; from the beginning it is `startState` of the leaf.
 */
export class Tallier {
  readonly #trust: ActTrust
  readonly #loadState: (index: number) => Promise<LeafState>
  readonly #counts = new Map<string, number>()
  readonly #touched = new Map<number, LeafState>()
  #declarations = 0
  #events = 0

  constructor(trust: ActTrust, loadState: (index: number) => Promise<LeafState>, from?: Tally) {
    this.#trust = trust
    this.#loadState = loadState
    if (from !== undefined) {
      this.#declarations = from.declarations
      this.#events = from.events
      for (const part of from.parts) this.#counts.set(keyOfPart(part), part.count)
    }
  }

  addLeaf(index: number, leaf: Leaf): void {
    if (index !== this.#declarations) throw new RangeError('leaves are added in their order')
    add(this.#counts, partKey(untouched(leaf)), 1)
    this.#declarations++
  }

  /** Returns why the event is not counted, or undefined. */
  async addEvent(event: LogEvent): Promise<TallyFinding | undefined> {
    if (event.size > this.#declarations) throw new RangeError('leaves come before their events')
    const position = this.#events++
    const reason = await this.#apply(event)
    return reason === undefined ? undefined : { event: position, reason }
  }

  result(): Tally {
    return tallyOf(this.#declarations, this.#events, this.#counts)
  }

  async #apply(event: LogEvent): Promise<string | undefined> {
    if (isAct(event)) {
      if (event.index >= this.#declarations) return 'no such declaration'
      const before = await this.#stateOf(event.index)
      const after = tryAct(before, event, this.#trust)
      if (typeof after === 'string') return after
      this.#move(event.index, before, after)
    } else if (event.type === 'flag' || event.type === 'unflag') {
      const reason = refuseRanges(event.ranges, event.size)
      if (reason !== undefined) return reason
      for (const { first, end } of event.ranges) {
        for (let index = first; index < end; index++) {
          const before = await this.#stateOf(index)
          this.#move(index, before, { ...before, flagged: event.type === 'flag' })
        }
      }
    }
    return undefined
  }

  async #stateOf(index: number): Promise<LeafState> {
    return this.#touched.get(index) ?? (await this.#loadState(index))
  }

  #move(index: number, before: LeafState, after: LeafState): void {
    add(this.#counts, partKey(before), -1)
    add(this.#counts, partKey(after), 1)
    this.#touched.set(index, after)
  }
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
