import { setTimeout as delay } from 'node:timers/promises'
import { IntakeError } from './error.ts'

export interface GroupCommitOptions<Item> {
  /** Makes all items durable or throws; never called twice at once. */
  readonly commit: (items: readonly Item[]) => Promise<void>
  readonly weightOf: (item: Item) => number
  /** How long the first of a group waits for others to share its commit. */
  readonly windowMs: number
  readonly maxItems: number
  readonly maxWeight: number
  /** Beyond this weight waiting, new items are refused at once instead of growing memory. */
  readonly maxWaitingWeight: number
}

interface Waiting<Item> {
  readonly item: Item
  readonly weight: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Many senders share one commit. `add` resolves after the commit that holds the item and rejects when that
 * commit failed: nothing is acknowledged before it is durable, and no item is tried twice behind its sender's back.
 */
export class GroupCommit<Item> implements AsyncDisposable {
  readonly #options: GroupCommitOptions<Item>
  #waiting: Waiting<Item>[] = []
  #waitingWeight = 0
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options
  }

  add(item: Item): Promise<void> {
    if (this.#closed) return Promise.reject(new IntakeError('closed', 'the intake is stopping'))
    const weight = this.#options.weightOf(item)
    if (this.#waitingWeight + weight > this.#options.maxWaitingWeight) {
      return Promise.reject(new IntakeError('busy', 'too much is waiting to be stored'))
    }
    const stored = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ item, weight, resolve, reject })
      this.#waitingWeight += weight
    })
    this.#running ??= this.#run()
    return stored
  }

  /** Takes nothing new and waits for what was taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < this.#options.maxItems && !this.#closed) {
        await delay(this.#options.windowMs)
      }
      const group = this.#takeGroup()
      try {
        await this.#options.commit(group.map(({ item }) => item))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#running = undefined
  }

  // At least one item, however heavy.
  #takeGroup(): Waiting<Item>[] {
    let weight = 0
    let count = 0
    for (const waiting of this.#waiting) {
      if (count === this.#options.maxItems) break
      if (count > 0 && weight + waiting.weight > this.#options.maxWeight) break
      weight += waiting.weight
      count++
    }
    this.#waitingWeight -= weight
    return this.#waiting.splice(0, count)
  }
}
