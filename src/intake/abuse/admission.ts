import { createHash } from 'node:crypto'
import { toHex } from '../../encoding/hex.ts'
import type { RandomBytes } from '../../sealing/parameters.ts'
import type { ArrivalPath, Budgets } from './arrival-path.ts'
import { isSolved, WORK_BITS_MAX } from './puzzle.ts'
import { TokenBucket } from './token-bucket.ts'
import { UsedTickets } from './used-tickets.ts'

/**
 * Given to whoever has to wait, sealed into their own page: the server keeps nothing about them. It names the submission
 * it was given for, so that it lets no other one in.
 */
export interface Ticket {
  readonly id: string
  readonly submission: string
  readonly notBeforeMs: number
  readonly expiresAtMs: number
  readonly workBits: number
}

export type Verdict =
  | { readonly outcome: 'admitted' }
  | { readonly outcome: 'wait'; readonly ticket: Ticket; readonly waitMs: number }

/** What a page that waited brings back. */
export interface Returned {
  readonly ticket: Ticket
  /** The puzzle's solution and what it was to be solved for; null where no script ran. */
  readonly work: { readonly subject: string; readonly solution: string } | null
}

export interface AdmissionOptions {
  readonly budgets: Budgets
  readonly clock: () => Date
  readonly random: RandomBytes
  /** A puzzle of this many bits takes an old phone a few seconds. */
  readonly workBits?: number
}

const WAIT_MIN_MS = 15_000
const WAIT_MAX_MS = 120_000
/** After its not-before a ticket still serves this long: people are called away from their screens. */
const TICKET_LASTS_MS = 30 * 60_000
/** Some 50 MB at the very most. */
const USED_TICKETS_MAX = 2 ** 19
const WORK_BITS = 14

/**
 * Decides whether a submission is taken now. Each path has a budget of its own, so a flood of one leaves the others as
 * they are; nothing is known of anybody but the page they hold. Whoever comes back after waiting goes before whoever
 * has not waited, so a flood that does not come back keeps nobody out.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #buckets: Readonly<Record<keyof Budgets, TokenBucket>>
  readonly #used = new UsedTickets(USED_TICKETS_MAX)
  /** Per path: when those who were told to wait will all have been served, if each of them comes back. */
  readonly #servedAtMs = new Map<ArrivalPath, number>()

  constructor(options: AdmissionOptions) {
    const now = options.clock().getTime()
    const bucket = (name: keyof Budgets) => new TokenBucket(options.budgets[name], now)
    this.#options = options
    this.#buckets = {
      plain: bucket('plain'),
      onion: bucket('onion'),
      station: bucket('station'),
      work: bucket('work'),
    }
  }

  ask(path: ArrivalPath, submission: string, returned: Returned | null): Verdict {
    const now = this.#options.clock().getTime()
    if (returned !== null && this.#isGood(returned.ticket, submission, now)) {
      return this.#answerReturned(path, returned, now)
    }
    const bucket = this.#buckets[path]
    const keep = this.#isSomebodyWaiting(path, now) ? bucket.perMinute / 2 : 0
    if (bucket.take(now, keep)) return { outcome: 'admitted' }
    return this.#tellToWait(path, submission, now)
  }

  #answerReturned(path: ArrivalPath, { ticket, work }: Returned, now: number): Verdict {
    const mature = now >= ticket.notBeforeMs
    const solved = work !== null && isSolved(work.subject, ticket.workBits, work.solution, sha256)
    if (solved && this.#buckets.work.take(now, 0)) return this.#spend(ticket)
    // Too early: the same ticket again, so that asking often is worth nothing.
    if (!mature) return { outcome: 'wait', ticket, waitMs: ticket.notBeforeMs - now }
    if (this.#buckets[path].take(now, 0)) return this.#spend(ticket)
    return this.#tellToWait(path, ticket.submission, now)
  }

  #isGood(ticket: Ticket, submission: string, now: number): boolean {
    if (ticket.submission !== submission || now > ticket.expiresAtMs) return false
    return !this.#used.has(ticket.id, now)
  }

  #spend({ id, expiresAtMs }: Ticket): Verdict {
    this.#used.add(id, expiresAtMs)
    return { outcome: 'admitted' }
  }

  #isSomebodyWaiting(path: ArrivalPath, now: number): boolean {
    return (this.#servedAtMs.get(path) ?? 0) + WAIT_MAX_MS > now
  }

  #tellToWait(path: ArrivalPath, submission: string, now: number): Verdict {
    const each = 60_000 / this.#buckets[path].perMinute
    const served = Math.max(now, this.#servedAtMs.get(path) ?? 0) + each
    this.#servedAtMs.set(path, Math.min(served, now + WAIT_MAX_MS))
    const queue = Math.max(WAIT_MIN_MS, Math.min(served - now, WAIT_MAX_MS))
    // Spread, so that a crowd does not come back as a crowd.
    const waitMs = Math.round(queue * (1 + (this.#options.random(1)[0] ?? 0) / 1024))
    const notBeforeMs = now + waitMs
    const ticket: Ticket = {
      id: toHex(this.#options.random(16)),
      submission,
      notBeforeMs,
      expiresAtMs: notBeforeMs + TICKET_LASTS_MS,
      workBits: this.#workBits(now),
    }
    return { outcome: 'wait', ticket, waitMs }
  }

  /** One bit more, so twice the work, each time the budget for solved puzzles is half of what it was. */
  #workBits(now: number): number {
    const level = Math.max(this.#buckets.work.level(now), 1 / 64)
    const harder = Math.floor(-Math.log2(level))
    return Math.min((this.#options.workBits ?? WORK_BITS) + harder, WORK_BITS_MAX)
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
