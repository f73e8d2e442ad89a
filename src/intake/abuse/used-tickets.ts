/**
 * Which tickets were spent, until they expire by themselves. Bounded: when it is full a ticket counts as spent, so that
 * a flood of them can take no more than it paid for.
 */
export class UsedTickets {
  readonly #max: number
  readonly #expiryOf = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  has(id: string, nowMs: number): boolean {
    if (this.#expiryOf.has(id)) return true
    this.#forget(nowMs)
    return this.#expiryOf.size >= this.#max
  }

  add(id: string, expiresAtMs: number): void {
    this.#expiryOf.set(id, expiresAtMs)
  }

  get size(): number {
    return this.#expiryOf.size
  }

  // A Map keeps the order of insertion, and tickets last about as long as each other.
  #forget(nowMs: number): void {
    for (const [id, expiresAtMs] of this.#expiryOf) {
      if (expiresAtMs > nowMs) return
      this.#expiryOf.delete(id)
    }
  }
}
