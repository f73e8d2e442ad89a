export interface FaultCountersOptions {
  readonly write: (line: string) => void
  readonly clock: () => Date
}

/** Rooms whose faults no visitor causes: the first of a kind is said at once, so that an operator need not wait for it. */
const OWN_ROOMS = ['database', 'publisher', 'witness', 'site']

/**
 * All that is ever logged: how often a room met a code in an hour. A line at the moment of a fault would tell when somebody
 * was here, and whatever keeps our output adds the second to it.
 */
export class FaultCounters implements Disposable {
  readonly #options: FaultCountersOptions
  readonly #counts = new Map<string, number>()
  readonly #said = new Set<string>()
  #hour: string
  #timer: NodeJS.Timeout | undefined

  constructor(options: FaultCountersOptions) {
    this.#options = options
    this.#hour = hourOf(options.clock())
    this.#waitForNextHour()
  }

  count(room: string, code: string): void {
    const name = `${room}: ${code}`
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    if (!OWN_ROOMS.includes(room) || this.#said.has(name)) return
    this.#said.add(name)
    this.#options.write(`${name}\n`)
  }

  /** Writes the hour that ends, if anything happened in it. */
  flush(): void {
    const counted = [...this.#counts].sort().map(([name, count]) => `${name} ×${count}`)
    if (counted.length > 0) this.#options.write(`${this.#hour} ${counted.join(', ')}\n`)
    this.#counts.clear()
    this.#hour = hourOf(this.#options.clock())
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.flush()
  }

  #waitForNextHour(): void {
    const now = this.#options.clock()
    const next = new Date(now).setUTCMinutes(60, 0, 0)
    this.#timer = setTimeout(() => {
      this.flush()
      this.#waitForNextHour()
    }, next - now.getTime())
    this.#timer.unref()
  }
}

function hourOf(time: Date): string {
  return `${time.toISOString().slice(0, 13)}h`
}
