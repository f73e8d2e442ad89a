import { concatBytes, utf8 } from '../encoding/bytes.ts'
import type { Sha256 } from '../tlog/hash.ts'

/** `part <form> <day>`: of fixed length, so the parts of a day stand together in the sorted text. */
const DAY_PREFIX_CHARS = 'part '.length + 64 + 1 + 10

type Day = { readonly counts: Map<string, number>; bytes: Uint8Array | null }

/**
 * The parts of a tally, kept so that its text is written again only for the days that changed: a register is tallied at
 * every publication, and a year of days has megabytes of parts.
 */
export class TallyParts {
  readonly #days = new Map<string, Day>()
  #prefixes: string[] = []

  static from(counts: ReadonlyMap<string, number>): TallyParts {
    const parts = new TallyParts()
    parts.add(counts)
    return parts
  }

  /** Adds steps, up or down, by the key of the part. */
  add(steps: ReadonlyMap<string, number>): void {
    for (const [key, step] of steps) {
      const day = this.#dayOf(key)
      day.counts.set(key, (day.counts.get(key) ?? 0) + step)
      day.bytes = null
    }
  }

  counts(): ReadonlyMap<string, number> {
    const whole = new Map<string, number>()
    for (const { counts } of this.#days.values()) {
      for (const [key, count] of counts) if (count > 0) whole.set(key, count)
    }
    return whole
  }

  /** SHA-256 of what formatTally writes of these parts. */
  hash(declarations: number, events: number, sha256: Sha256): Uint8Array {
    const head = utf8(`avow/tally/v1\ndeclarations ${declarations}\nevents ${events}\n`)
    const days = this.#prefixes.map((prefix) => this.#bytesOf(prefix))
    return sha256(concatBytes(head, ...days))
  }

  #dayOf(key: string): Day {
    const prefix = key.slice(0, DAY_PREFIX_CHARS)
    const known = this.#days.get(prefix)
    if (known !== undefined) return known
    const day: Day = { counts: new Map(), bytes: null }
    this.#days.set(prefix, day)
    this.#prefixes = [...this.#prefixes, prefix].sort()
    return day
  }

  #bytesOf(prefix: string): Uint8Array {
    const day = this.#days.get(prefix)
    if (day === undefined) return new Uint8Array(0)
    day.bytes ??= utf8(
      [...day.counts]
        .filter(([, count]) => count > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, count]) => `${key} ${count}\n`)
        .join(''),
    )
    return day.bytes
  }
}
