import { DeclarationError } from '../declaration/error.ts'
import { type ActEvent, isAct, type LogEvent } from '../declaration/event.ts'
import { type ActTrust, applyAct } from '../declaration/leaf-state.ts'
import { partKey } from '../declaration/tally.ts'
import { addRange, coveredBy, missingFrom, type Ranges, removeRange } from './flag-ranges.ts'
import { loadState, readStates, type StateSources, type StoredState } from './leaf-state-store.ts'

/** What waiting events will have changed once they are logged. */
export type CountedEvents = {
  /** Those that count. One that does not would be a finding in the log for ever, so it is never logged. */
  readonly events: readonly LogEvent[]
  readonly refused: number
  /** Declarations more or fewer in each part of the tally. */
  readonly parts: ReadonlyMap<string, number>
  readonly states: ReadonlyMap<number, StoredState>
  readonly flagged: Ranges
}

/** Follows the events in their order, from where the declarations stand now. Reads; the caller writes with the indices. */
export async function countEvents(
  events: readonly LogEvent[],
  trust: ActTrust,
  sources: StateSources,
): Promise<CountedEvents> {
  const counting = new Counting(trust, sources)
  const counted: LogEvent[] = []
  for (const event of events) {
    if (await counting.add(event)) counted.push(event)
  }
  const { parts, states, flagged } = counting
  return { events: counted, refused: events.length - counted.length, parts, states, flagged }
}

class Counting {
  readonly parts = new Map<string, number>()
  readonly states = new Map<number, StoredState>()
  flagged: Ranges
  readonly #trust: ActTrust
  readonly #sources: StateSources

  constructor(trust: ActTrust, sources: StateSources) {
    this.#trust = trust
    this.#sources = sources
    this.flagged = sources.flagged
  }

  async add(event: LogEvent): Promise<boolean> {
    if (isAct(event)) return this.#act(event)
    if (event.type !== 'flag' && event.type !== 'unflag') return true
    if (event.ranges.some(({ end }) => end > event.size)) return false
    for (const range of event.ranges) await this.#paint(event.type, range)
    return true
  }

  async #act(event: ActEvent): Promise<boolean> {
    if (event.index >= this.#sources.entries.size) return false
    const before =
      this.states.get(event.index) ??
      (await loadState(event.index, { ...this.#sources, flagged: this.flagged }))
    const after = tryAct(before, event, this.#trust)
    if (after === undefined) return false
    const { by } = event
    const shownSalt = by.kind === 'author-signed' ? by.salt : null
    const authorSalt = shownSalt ?? before.authorSalt
    this.states.set(event.index, { ...after, authorSalt })
    this.#move(before, after)
    return true
  }

  /** Only what changes its colour is read: flagging twice is flagging once. */
  async #paint(type: 'flag' | 'unflag', range: { first: number; end: number }): Promise<void> {
    const flags = type === 'flag'
    const changing = flags ? missingFrom(this.flagged, range) : coveredBy(this.flagged, range)
    const sources = { ...this.#sources, flagged: this.flagged }
    for (const { first, end } of changing) {
      for await (const [index, stored] of readStates(first, end, sources)) {
        const before = this.states.get(index) ?? stored
        const after = { ...before, flagged: flags }
        this.#move(before, after)
        if (this.states.has(index)) this.states.set(index, after)
      }
    }
    this.flagged = flags ? addRange(this.flagged, range) : removeRange(this.flagged, range)
  }

  #move(before: Parameters<typeof partKey>[0], after: Parameters<typeof partKey>[0]): void {
    this.#add(partKey(before), -1)
    this.#add(partKey(after), 1)
  }

  #add(part: string, step: number): void {
    const sum = (this.parts.get(part) ?? 0) + step
    if (sum === 0) this.parts.delete(part)
    else this.parts.set(part, sum)
  }
}

function tryAct(state: StoredState, event: ActEvent, trust: ActTrust) {
  try {
    return applyAct(state, event, trust)
  } catch (error) {
    if (error instanceof DeclarationError && error.code === 'act_refused') return undefined
    throw error
  }
}
