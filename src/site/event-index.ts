import { DeclarationError } from '../declaration/error.ts'
import { type EventOf, isAct, type LogEvent, parseEvent } from '../declaration/event.ts'
import type { RegisterFiles } from './register-files.ts'

export type FlagEvent = EventOf<'flag'> | EventOf<'unflag'>
/** An event that says something about one declaration. */
export type DeclarationEvent =
  | FlagEvent
  | EventOf<'translation'>
  | Extract<LogEvent, { readonly index: number; readonly by: unknown }>

/** What the log reports of people who make no declarations. */
export interface KeptApart {
  readonly claimed: number
  readonly keptOut: ReadonlyMap<string, number>
}

interface LoggedFlag {
  readonly position: number
  readonly event: FlagEvent
}

const READ_AT_ONCE = 4096
/** The first lines of an event about one declaration, up to its index: all that has to be known to find it again. */
const ABOUT_ONE =
  /^avow\/event\/v1\ntype (?:withdraw|restore|confirm|rekey|correct|redact|translation)\nday [\d-]{10}\nsize \d{1,15}\nindex (?<index>\d{1,15})\n/
const HEAD_BYTES = 128

/**
 * Where the event log speaks of each declaration: one pass when the site starts, then only what each publication adds.
 * Events are kept by their place in the log and read again when a page needs them, because a register has millions.
 */
export class EventIndex {
  readonly #files: RegisterFiles
  #size = 0
  #updating: Promise<void> = Promise.resolve()
  /** Of a declaration with one event, which is nearly all that have any, no list is made. */
  readonly #positions = new Map<number, number | number[]>()
  readonly #flags: LoggedFlag[] = []
  #claimed = 0
  readonly #keptOut = new Map<string, number>()

  constructor(files: RegisterFiles) {
    this.#files = files
  }

  /** Reads on to `size` events. Updates queue up: two at once would count an event twice. */
  update(size: number): Promise<void> {
    if (size === this.#size) return this.#updating
    const updating = this.#updating.then(() => this.#readTo(size))
    this.#updating = updating.catch(() => undefined)
    return updating
  }

  /** In the order of the log. What does not parse is a finding for a verifier and left out here. */
  async eventsOf(index: number): Promise<readonly DeclarationEvent[]> {
    const logged: { readonly position: number; readonly event: DeclarationEvent }[] =
      this.#flags.filter(({ event }) =>
        event.ranges.some(({ first, end }) => index >= first && index < end),
      )
    for (const position of [this.#positions.get(index) ?? []].flat()) {
      const [entry] = await this.#files.readEntries('events', this.#size, position, position + 1)
      const event = entry && tryParse(entry)
      if (event && (isAct(event) || event.type === 'translation')) logged.push({ position, event })
    }
    return logged.toSorted((a, b) => a.position - b.position).map(({ event }) => event)
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
      for (const entry of entries) this.#add(this.#size++, entry)
    }
  }

  #clear(): void {
    this.#size = 0
    this.#positions.clear()
    this.#flags.length = 0
    this.#claimed = 0
    this.#keptOut.clear()
  }

  #add(position: number, entry: Uint8Array): void {
    const head = Buffer.from(entry.subarray(0, HEAD_BYTES)).toString('latin1')
    const about = ABOUT_ONE.exec(head)?.groups?.['index']
    if (about !== undefined) this.#addPosition(Number(about), position)
    else this.#addWhole(position, tryParse(entry))
  }

  #addPosition(index: number, position: number): void {
    const known = this.#positions.get(index)
    if (known === undefined) this.#positions.set(index, position)
    else if (typeof known === 'number') this.#positions.set(index, [known, position])
    else known.push(position)
  }

  #addWhole(position: number, event: LogEvent | undefined): void {
    if (event === undefined) return
    if (event.type === 'flag' || event.type === 'unflag') this.#flags.push({ position, event })
    // Three ways to say it of three different sets of people: published with, imported with, not published.
    if ('claimed' in event) this.#claimed += event.claimed
    if (event.type !== 'desk') return
    for (const { code, count } of event.keptOut) {
      this.#keptOut.set(code, (this.#keptOut.get(code) ?? 0) + count)
    }
  }
}

function tryParse(entry: Uint8Array): LogEvent | undefined {
  try {
    return parseEvent(entry)
  } catch (error) {
    if (error instanceof DeclarationError) return undefined
    throw error
  }
}
