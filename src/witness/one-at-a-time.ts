import { WitnessError } from './error.ts'

/**
 * Runs one piece of work after the other. More than `maxWaiting` are refused with `busy`: each holds a request's bytes,
 * and whoever waits that long has given up.
 */
export class OneAtATime {
  readonly #maxWaiting: number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#maxWaiting) throw new WitnessError('busy', 'too many requests wait')
    this.#waiting++
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    try {
      return await result
    } finally {
      this.#waiting--
    }
  }
}
