import { DeskError } from './error.ts'

/** Two wrong tries are a person; from the third on each costs more. */
const FREE_FAILURES = 2
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8_000
/** Beyond this many waiting tries on one name, or names tried, the next is refused at once. */
const WAITING_MAX = 8
const NAMES_MAX = 10_000

interface Attempts {
  failures: number
  waiting: number
  last: Promise<void>
}

/**
 * Slows guessing at one account: tries on a name take turns, and each failure makes the next turn longer.
 * Names that do not exist wait like those that do. In memory only: the proofs are 256 bits, so what a
 * restart forgives is nothing.
 */
export class LoginDelay {
  readonly #attempts = new Map<string, Attempts>()
  readonly #wait: (ms: number) => Promise<void>

  constructor(wait: (ms: number) => Promise<void>) {
    this.#wait = wait
  }

  /** Runs `attempt` in this name's turn; it answers whether the proof was right. */
  async inTurn<Result>(
    name: string,
    attempt: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const attempts = this.#of(name)
    if (attempts.waiting >= WAITING_MAX) throw new DeskError('too_many', 'too many tries at once')
    attempts.waiting++
    const turn = attempts.last.then(async () => {
      await this.#wait(delayMs(attempts.failures))
      const result = await attempt()
      attempts.failures = result === undefined ? attempts.failures + 1 : 0
      return result
    })
    attempts.last = turn.then(
      () => {},
      () => {},
    )
    try {
      return await turn
    } finally {
      attempts.waiting--
      if (attempts.failures === 0 && attempts.waiting === 0) this.#attempts.delete(name)
    }
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
