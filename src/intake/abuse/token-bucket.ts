const MINUTE_MS = 60_000

/** A budget a minute. A full bucket holds one minute's worth, so a burst of that size passes at once. */
export class TokenBucket {
  readonly perMinute: number
  #tokens: number
  #filledAtMs: number

  constructor(perMinute: number, nowMs: number) {
    this.perMinute = perMinute
    this.#tokens = perMinute
    this.#filledAtMs = nowMs
  }

  /** Takes one token if more than `keep` would remain untouched. */
  take(nowMs: number, keep: number): boolean {
    if (this.level(nowMs) * this.perMinute < keep + 1) return false
    this.#tokens -= 1
    return true
  }

  /** How full it is, from 0 to 1. */
  level(nowMs: number): number {
    // A clock that was set back gives nothing until it has caught up, and takes nothing away.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs)
    this.#filledAtMs = nowMs
    const refilled = this.#tokens + (elapsedMs * this.perMinute) / MINUTE_MS
    this.#tokens = Math.min(this.perMinute, refilled)
    return this.#tokens / this.perMinute
  }
}
