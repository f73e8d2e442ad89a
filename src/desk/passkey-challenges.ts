const LIFE_MS = 5 * 60_000

interface Pending {
  readonly purpose: string
  readonly untilMs: number
}

/**
 * Challenges that were given out and not answered, in memory only and bounded: beyond the bound the oldest goes.
 * Each is good once, for what it was given for, for five minutes.
 */
export class PasskeyChallenges {
  readonly #pending = new Map<string, Pending>()
  readonly #max: number
  readonly #clock: () => Date
  readonly #random: (length: number) => Uint8Array

  constructor(
    max: number,
    {
      clock,
      random,
    }: { readonly clock: () => Date; readonly random: (length: number) => Uint8Array },
  ) {
    this.#max = max
    this.#clock = clock
    this.#random = random
  }

  /** base64url of 32 random bytes. */
  give(purpose: string): string {
    const oldest = this.#pending.keys().next()
    if (this.#pending.size >= this.#max && !oldest.done) this.#pending.delete(oldest.value)
    const challenge = Buffer.from(this.#random(32)).toString('base64url')
    this.#pending.set(challenge, { purpose, untilMs: this.#clock().getTime() + LIFE_MS })
    return challenge
  }

  /** Uses the challenge up, right or wrong. */
  take(challenge: string, purpose: string): 'ours' | 'unknown' {
    const pending = this.#pending.get(challenge)
    this.#pending.delete(challenge)
    if (pending === undefined || pending.purpose !== purpose) return 'unknown'
    return this.#clock().getTime() <= pending.untilMs ? 'ours' : 'unknown'
  }
}
