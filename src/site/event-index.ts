import { type EventOf, isAct, type LogEvent, parseEvent } from '../declaration/event.ts'
import type { RegisterFiles } from './register-files.ts'

/** An event that says something about one declaration. */
export type DeclarationEvent = Extract<
  LogEvent,
  { type: 'withdraw' | 'restore' | 'confirm' | 'rekey' | 'correct' | 'redact' | 'translation' }
>
export type FlagEvent = EventOf<'flag'> | EventOf<'unflag'>

/** An event with its index in the event log. */
export interface LoggedEvent<Event> {
  readonly position: number
  readonly event: Event
}

/** What the log reports of people who make no declarations. */
export interface KeptApart {
  readonly claimed: number
  readonly keptOut: ReadonlyMap<string, number>
}

const READ_AT_ONCE = 4096

/**
 * What the event log says about each declaration, in memory: one pass when the site starts, then only
 * what each publication adds. It holds the few declarations that have events, not all.
 */
export class EventIndex {
  readonly #files: RegisterFiles
  #size = 0
  #updating: Promise<void> = Promise.resolve()
  readonly #byIndex = new Map<number, LoggedEvent<DeclarationEvent>[]>()
  readonly #flags: LoggedEvent<FlagEvent>[] = []
  #claimed = 0
  readonly #keptOut = new Map<string, number>()

  constructor(files: RegisterFiles) {
    this.#files = files
  }

  /** Reads on to `size` events. Updates queue up: two at once would count an event twice. */
  update(size: number): Promise<void> {
    const updating = this.#updating.then(() => this.#readTo(size))
    this.#updating = updating.catch(() => undefined)
    return updating
  }

  /** In the order of the log. */
  eventsOf(index: number): readonly LoggedEvent<DeclarationEvent | FlagEvent>[] {
    const flags = this.#flags.filter(({ event }) =>
      event.ranges.some(({ first, end }) => index >= first && index < end),
    )
    const own = this.#byIndex.get(index) ?? []
    return [...own, ...flags].toSorted((a, b) => a.position - b.position)
  }

  keptApart(): KeptApart {
    return { claimed: this.#claimed, keptOut: this.#keptOut }
  }

  async #readTo(size: number): Promise<void> {
    // A folder that was replaced by an older copy: what came later never happened there.
    if (size < this.#size) this.#clear()
    while (this.#size < size) {
      const to = Math.min(size, this.#size + READ_AT_ONCE)
      const entries = await this.#files.readEntries('events', size, this.#size, to)
      for (const entry of entries) this.#add(this.#size++, parseEvent(entry))
    }
  }

  #clear(): void {
    this.#size = 0
    this.#byIndex.clear()
    this.#flags.length = 0
    this.#claimed = 0
    this.#keptOut.clear()
  }

  #add(position: number, event: LogEvent): void {
    if (isAct(event) || event.type === 'translation') {
      const known = this.#byIndex.get(event.index)
      if (known === undefined) this.#byIndex.set(event.index, [{ position, event }])
      else known.push({ position, event })
      return
    }
    if (event.type === 'flag' || event.type === 'unflag') this.#flags.push({ position, event })
    // Three ways to say it of three different sets of people: published with, imported with, not published.
    if ('claimed' in event) this.#claimed += event.claimed
    if (event.type !== 'desk') return
    for (const { code, count } of event.keptOut) {
      this.#keptOut.set(code, (this.#keptOut.get(code) ?? 0) + count)
    }
  }
}
