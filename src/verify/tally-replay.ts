import { toHex } from '../encoding/hex.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { VerifyError } from './error.ts'
import type { LoggedTally } from './event-history.ts'
import { TallyParts } from './tally-parts.ts'

/** From the `from`th tally on a declaration belongs to this part. */
export type PartFrom = { readonly from: number; readonly key: string }

export type TallyBase = {
  /** Declarations that are counted in it. */
  readonly declarations: number
  readonly counts: ReadonlyMap<string, number>
  /** How many of the logged tallies came before: these are not looked at again. */
  readonly tallies: number
}

export const EMPTY_BASE: TallyBase = { declarations: 0, counts: new Map(), tallies: 0 }

/**
 * Counts declarations as they are read, in the order of their indices, and compares every tally that was logged on the way
 * with what the two logs added up to then. What acts do later is kept until its tally comes, so memory grows with the
 * acts and not with the declarations.
 */
export class TallyReplay {
  readonly #tallies: readonly LoggedTally[]
  readonly #sha256: Sha256
  readonly #fileOf: (position: number) => string
  readonly #base: number
  readonly #firstTally: number
  readonly #parts: TallyParts
  /** Steps of the tally that comes next, apart because every declaration makes one. */
  #next = new Map<string, number>()
  readonly #later = new Map<number, Map<string, number>>()
  #at: number

  constructor(
    tallies: readonly LoggedTally[],
    base: TallyBase,
    sha256: Sha256,
    fileOf: (position: number) => string,
  ) {
    this.#tallies = tallies
    this.#sha256 = sha256
    this.#fileOf = fileOf
    this.#base = base.declarations
    this.#parts = TallyParts.from(base.counts)
    this.#firstTally = base.tallies
    this.#at = base.tallies
  }

  /** A declaration that no act or flag ever touched. */
  addUntouched(index: number, key: string): void {
    this.#closeUpTo(index)
    if (index >= this.#base) this.#next.set(key, (this.#next.get(key) ?? 0) + 1)
  }

  /** A declaration with the parts it went through, in order; the first is that of its leaf, from tally 0 on. */
  add(index: number, parts: readonly PartFrom[]): void {
    this.#closeUpTo(index)
    const isNew = index >= this.#base
    // What happened up to the first tally that counts it, or before the ones looked at here, is no move.
    const begins = isNew ? this.#at : this.#firstTally - 1
    let key = parts.findLast(({ from }) => from <= begins)?.key ?? ''
    if (isNew) this.#step(begins, key, 1)
    for (const part of parts) {
      if (part.from <= begins || part.key === key) continue
      this.#step(part.from, key, -1)
      this.#step(part.from, part.key, 1)
      key = part.key
    }
  }

  /** All declarations were added. Returns the counts after the last tally. */
  finish(): ReadonlyMap<string, number> {
    this.#closeUpTo(Number.POSITIVE_INFINITY)
    return this.#parts.counts()
  }

  #step(tally: number, key: string, step: number): void {
    if (tally === this.#at) {
      this.#next.set(key, (this.#next.get(key) ?? 0) + step)
      return
    }
    const steps = this.#later.get(tally) ?? new Map<string, number>()
    steps.set(key, (steps.get(key) ?? 0) + step)
    this.#later.set(tally, steps)
  }

  /** Every declaration below `index` was added: tallies of no more than these are whole. */
  #closeUpTo(index: number): void {
    for (;;) {
      const tally = this.#tallies[this.#at]
      if (tally === undefined || tally.size > index) return
      this.#parts.add(this.#next)
      this.#compare(tally)
      this.#at++
      this.#next = this.#later.get(this.#at) ?? new Map()
      this.#later.delete(this.#at)
    }
  }

  #compare({ size, position, tally }: LoggedTally): void {
    if (toHex(this.#parts.hash(size, position, this.#sha256)) === tally) return
    throw new VerifyError(
      'tally_mismatch',
      this.#fileOf(position),
      `event ${position} (tally) is not what the two logs added up to then`,
    )
  }
}
