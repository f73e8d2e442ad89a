const START_SLOTS = 1 << 12
const FULL = 0.6

/**
 * Counts how often each digest came before, for tens of millions of them: 8 bytes of a digest and a count in flat
 * arrays, where a Map would end at 16 million entries and 100 bytes each. Two digests that agree in their first
 * 8 bytes count as one, which at that size happens to one archive in tens of thousands and does no harm there.
 */
export class RepeatCounter {
  #keys = new BigUint64Array(START_SLOTS)
  #counts = new Uint32Array(START_SLOTS)
  #used = 0

  /** How often this digest, in hex, was given before. */
  next(digest: string): number {
    if (this.#used > FULL * this.#keys.length) this.#grow()
    const key = BigInt(`0x${digest.slice(0, 16)}`)
    const slot = this.#slotOf(key)
    const before = this.#counts[slot] ?? 0
    if (before === 0) this.#used++
    this.#keys[slot] = key
    this.#counts[slot] = before + 1
    return before
  }

  #slotOf(key: bigint): number {
    const mask = this.#keys.length - 1
    let slot = Number(key & BigInt(mask))
    while (this.#counts[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts]
    this.#keys = new BigUint64Array(2 * keys.length)
    this.#counts = new Uint32Array(2 * keys.length)
    for (const [old, count] of counts.entries()) {
      const key = keys[old]
      if (count === 0 || key === undefined) continue
      const slot = this.#slotOf(key)
      this.#keys[slot] = key
      this.#counts[slot] = count
    }
  }
}
