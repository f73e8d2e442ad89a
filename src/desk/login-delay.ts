import { DeskError } from './error.ts'

/** Two wrong tries are a person; from the third on each costs more. */
const FREE_FAILURES = 2
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8_000
/** Beyond this many waiting answers on one name, or names tried, the next is refused at once. */
const WAITING_MAX = 8
const NAMES_MAX = 10_000

interface Attempts {
  failures: number
  waiting: number
  last: Promise<void>
}

/**
 * Slows guessing at one account: wrong tries on a name are answered in turn, and each makes the next wait longer.
 * A right one is answered at once, whoever else tries: names are public, and what delayed a right proof too would let
 * anybody shut anybody out. It gives nothing to a guesser, since proofs are 256 bits made from 77 that nobody chose.
 * Names that do not exist wait like those that do. In memory only.
 */
export class LoginDelay {
  readonly #attempts = new Map<string, Attempts>()
  readonly #wait: (ms: number) => Promise<void>

  constructor(wait: (ms: number) => Promise<void>) {
    this.#wait = wait
  }

  /** Runs `attempt`, which answers undefined for a wrong proof; that answer comes in this name's turn. */
  async answer<Result>(
    name: string,
    attempt: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const result = await attempt()
    if (result === undefined) await this.#takeTurn(name)
    else this.#forgive(name)
    return result
  }

  async #takeTurn(name: string): Promise<void> {
    const attempts = this.#of(name)
    if (attempts.waiting >= WAITING_MAX) throw new DeskError('too_many', 'too many tries at once')
    const ms = delayMs(attempts.failures++)
    attempts.waiting++
    attempts.last = attempts.last.then(() => this.#wait(ms))
    await attempts.last
    attempts.waiting--
  }

  #forgive(name: string): void {
    const attempts = this.#attempts.get(name)
    if (attempts === undefined) return
    attempts.failures = 0
    if (attempts.waiting === 0) this.#attempts.delete(name)
  }

  #of(name: string): Attempts {
    const known = this.#attempts.get(name)
    if (known !== undefined) return known
    if (this.#attempts.size >= NAMES_MAX) {
      const idle = [...this.#attempts].find(([, { waiting }]) => waiting === 0)
      if (idle === undefined) throw new DeskError('too_many', 'too many names tried at once')
      this.#attempts.delete(idle[0])
    }
    const fresh: Attempts = { failures: 0, waiting: 0, last: Promise.resolve() }
    this.#attempts.set(name, fresh)
    return fresh
  }
}

function delayMs(failures: number): number {
  if (failures <= FREE_FAILURES) return 0
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1))
}
