import { setTimeout as sleep } from 'node:timers/promises'
import type { AliasWords } from '../declaration/alias.ts'
import type { ActTiming } from '../declaration/form-definition.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { SealingError, type SealingErrorCode } from '../sealing/error.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import type { Pair } from '../verify/latest.ts'
import { actIdentity } from './act-recipient.ts'
import { chooseActs } from './choose-acts.ts'
import { type ChoosingDeps, chooseBatch } from './choose-batch.ts'
import { chooseOrders } from './choose-orders.ts'
import { DirectoryFollower, type DirectoryPinning } from './directory-follower.ts'
import { failureCode, RegisterError, SequencerStopped } from './error.ts'
import { hasQueuedEvents, type WaitingEvent } from './event-queue.ts'
import { type FormIds, formIds } from './form-ids.ts'
import { loadFlagged } from './leaf-state-store.ts'
import { announceCentres } from './public-centres.ts'
import { type RegisterConfig, Sequencer, type SequencerDeps } from './sequencer.ts'
import { systemFailure } from './system-failure.ts'
import { takeAudits } from './take-audits.ts'
import { announceRecipient, type UnsealIdentity } from './unseal-identity.ts'

export type PublisherConfig = RegisterConfig & ChoosingDeps['config'] & { readonly acts: ActTiming }

export type PublisherDeps = Omit<SequencerDeps, 'config'> & {
  readonly config: PublisherConfig
  /** Pins the directory; from the configuration, never from the database. */
  readonly rootPublicKey: Uint8Array
  /** Keeps the directory from being taken back over a restart; outside the database too. */
  readonly pins?: DirectoryPinning
  /** For what two people signed; without it the portable one. Events are judged by the portable one, as every reader's browser does. */
  readonly ed25519Verify?: Ed25519Verify
  /** An age identity given by the operator; without one a fresh one is made at each start. */
  readonly identity?: string
  /** Of the register: a new name that an act shows is one of these. Without them no act shows one. */
  readonly aliasWords?: AliasWords
  readonly onPublished?: (pair: Pair) => Promise<void>
  /** Told of a round that failed; the items stay where they are and the next round tries again. */
  readonly onProblem?: (problem: unknown) => void
  readonly pollMs?: number
}

export interface Publisher extends AsyncDisposable {
  readonly pair: () => Pair
  /** Queues an event; it is public once the promise resolves. */
  readonly appendEvent: (event: WaitingEvent) => Promise<Pair>
  /** Looks once for everything that is due, after whatever is running, and returns the pair then public. */
  readonly runRound: () => Promise<Pair>
  readonly health: () => PublisherHealth
}

export type PublisherHealth =
  /**
   * `clock_behind`: the clock is a day behind the newest entry, which gave new ones its own day. `directory`: why a row
   * behind the last good one is left out, if one is.
   */
  | {
      readonly state: 'running'
      readonly warning?: 'clock_behind'
      readonly directory?: SealingErrorCode
    }
  | { readonly state: 'retrying' | 'refused'; readonly code: string }

const POLL_MS = 1000
/** Between rounds that fail: each finds the same witness down or the same disk full. */
const PAUSE_MAX_MS = 60_000
/** Files and database do not fit together: trying again changes nothing, a person has to look. */
const REFUSALS = new Set<string>([
  'wrong_origin',
  'wrong_key',
  'bad_state',
  'store_newer',
  'store_older',
  'missing_file',
  'hash_mismatch',
  'file_differs',
  'witness_ahead',
  'witness_contradicts',
])

/**
 * Runs the publisher: takes over the log (throws RegisterError where it must not), makes its recipient known, then
 * looks for due items until disposed. Disposing waits for the batch in hand.
 */
export async function runPublisher(deps: PublisherDeps): Promise<Publisher> {
  const rounds = await Rounds.open(deps).catch((problem: unknown) => {
    throw named(problem)
  })
  const stopping = new AbortController()
  const loop = poll(rounds, deps, stopping.signal)
  return {
    pair: () => rounds.pair,
    appendEvent: (event) => rounds.run(event),
    runRound: () => rounds.run(),
    health: () => rounds.health,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await loop
      await rounds.close()
    },
  }
}

async function poll(rounds: Rounds, deps: PublisherDeps, signal: AbortSignal): Promise<void> {
  const pollMs = deps.pollMs ?? POLL_MS
  let pauseMs = pollMs
  while (rounds.health.state !== 'refused') {
    // Ended early by the signal: that is how the loop stops.
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
    try {
      // One batch may leave others due, an archive most of all.
      let before: Pair
      do {
        if (signal.aborted) return
        before = rounds.pair
      } while ((await rounds.run()) !== before)
      pauseMs = pollMs
    } catch (problem) {
      pauseMs = Math.min(2 * pauseMs, Math.max(pollMs, PAUSE_MAX_MS))
      deps.onProblem?.(named(problem))
    }
  }
}

/** One round after another, whoever asks for them; owns the sequencer and opens it again after it stopped. */
class Rounds {
  readonly #deps: PublisherDeps
  readonly #unseal: UnsealIdentity
  readonly #directory: DirectoryFollower
  readonly #formIds: FormIds
  #sequencer: Sequencer | undefined
  #pair: Pair
  #told: Pair | undefined
  #health: PublisherHealth = { state: 'running' }
  /** The day on which the witnesses were last asked about heads that had not changed. */
  #cosignedDay = ''
  #last: Promise<unknown> = Promise.resolve()

  static async open(deps: PublisherDeps): Promise<Rounds> {
    const sequencer = await Sequencer.open(deps)
    try {
      const { db, config, logKeys, sha256, identity } = deps
      const register = config.name
      const unseal = await announceRecipient(db, { identity, register, logKeys, sha256 })
      const rounds = new Rounds(deps, unseal, sequencer)
      await rounds.#tell()
      return rounds
    } catch (error) {
      await sequencer[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(deps: PublisherDeps, unseal: UnsealIdentity, sequencer: Sequencer) {
    this.#deps = deps
    this.#unseal = unseal
    this.#sequencer = sequencer
    this.#pair = sequencer.pair
    this.#directory = new DirectoryFollower(deps.config.name, deps.rootPublicKey, deps.pins)
    this.#formIds = formIds(deps.config.form, deps.config.formHash)
  }

  get pair(): Pair {
    return this.#pair
  }

  get health(): PublisherHealth {
    return this.#health
  }

  run(event?: WaitingEvent): Promise<Pair> {
    const round = this.#last.then(() => this.#round(event))
    this.#last = round.catch(() => {})
    return round
  }

  async close(): Promise<void> {
    await this.#last
    await this.#sequencer?.[Symbol.asyncDispose]()
  }

  async #round(event: WaitingEvent | undefined): Promise<Pair> {
    if (this.#health.state === 'refused') {
      throw new RegisterError('bad_state', `the register refused to continue: ${this.#health.code}`)
    }
    try {
      this.#sequencer ??= await Sequencer.open(this.#deps)
      if (event !== undefined) await this.#sequencer.queueEvent(event)
      this.#pair = await this.#publishWhatIsDue(this.#sequencer)
      await this.#tell()
      this.#health = this.#running(this.#sequencer.isClockBehind)
      return this.#pair
    } catch (problem) {
      await this.#letGoAfter(problem)
      throw problem
    }
  }

  /** A row of the directory that does not verify is told of once, and stays in `health` while it is there. */
  #running(isClockBehind: boolean): PublisherHealth {
    const { refused } = this.#directory
    const known = this.#health.state === 'running' ? this.#health.directory : undefined
    if (refused !== undefined && refused !== known) {
      this.#deps.onProblem?.(new SealingError(refused, 'a directory row is left out'))
    }
    return {
      state: 'running',
      ...(isClockBehind ? { warning: 'clock_behind' } : {}),
      ...(refused === undefined ? {} : { directory: refused }),
    }
  }

  /** Whoever renders is told until it worked: a pair without its pages would stay so until the next. */
  async #tell(): Promise<void> {
    if (this.#told === this.#pair) return
    await this.#deps.onPublished?.(this.#pair)
    this.#told = this.#pair
  }

  /** Acts first: an archive of millions must not hold up who takes something back. */
  async #publishActs(sequencer: Sequencer): Promise<Pair | undefined> {
    const { db, config, stagingKey, clock, random, sha256, aliasWords } = this.#deps
    // Where a declaration stands is known again once what is queued about it is in the log.
    if (await hasQueuedEvents(db)) return undefined
    const today = dayOf(clock())
    const { origin, entries } = sequencer
    const chosen = await chooseActs({
      db,
      acts: config.acts,
      identity: actIdentity(stagingKey),
      formIds: this.#formIds,
      aliasWords,
      trust: { origin, sha256, ed25519Verify: nobleEd25519.verify },
      sources: { db, entries, flagged: await loadFlagged(db), sha256 },
      today,
      random,
    })
    if (chosen === undefined || chosen.acts.length === 0) return undefined
    return sequencer.publishActs(chosen, today)
  }

  async #publishOrders(sequencer: Sequencer, directory: Directory): Promise<Pair | undefined> {
    const { db, config, clock, sha256 } = this.#deps
    if (await hasQueuedEvents(db)) return undefined
    const { origin, entries } = sequencer
    const ed25519Verify = nobleEd25519.verify
    const orders = await chooseOrders({
      db,
      ...this.#unseal,
      operatorReasons: this.#formIds.operatorReasons,
      organisations: this.#formIds.organisations,
      orderTrust: {
        register: config.name,
        findVolunteer: (id) => directory.volunteers.get(id),
        ed25519Verify,
        sha256,
      },
      actTrust: { origin, sha256, ed25519Verify },
      sources: { db, entries, flagged: await loadFlagged(db), sha256 },
      today: dayOf(clock()),
    })
    return orders.length === 0 ? undefined : sequencer.publishOrders(orders)
  }

  /** What auditors signed goes out with the next pair. */
  async #takeAudits(directory: Directory): Promise<void> {
    const { db, config, clock, sha256, random } = this.#deps
    await takeAudits({
      db,
      register: config.name,
      publicFolder: config.publicFolder,
      pair: this.#pair,
      trust: {
        findVolunteer: (id) => directory.volunteers.get(id),
        ed25519Verify: nobleEd25519.verify,
      },
      sha256,
      random,
      today: dayOf(clock()),
    })
  }

  async #publishWhatIsDue(sequencer: Sequencer): Promise<Pair> {
    const acted = await this.#publishActs(sequencer)
    if (acted !== undefined) return acted
    const { db, random, sha256 } = this.#deps
    const directory = await this.#directory.read(db)
    if (directory === undefined) return this.#publishEvents(sequencer)
    await this.#directory.announce(db, random, sha256)
    await this.#takeAudits(directory)
    const ordered = await this.#publishOrders(sequencer, directory)
    if (ordered !== undefined) return ordered
    await announceCentres(db, directory.volunteers.size, { random, sha256 })
    const chosen = await chooseBatch(directory, {
      ...this.#deps,
      formIds: this.#formIds,
      unseal: this.#unseal,
    })
    if (chosen !== undefined) return sequencer.publishItems(chosen.items, chosen.authority)
    return this.#publishEvents(sequencer)
  }

  async #publishEvents(sequencer: Sequencer): Promise<Pair> {
    if (await hasQueuedEvents(this.#deps.db)) return sequencer.publishQueuedEvents()
    await sequencer.syncContent()
    const today = dayOf(this.#deps.clock())
    if (today !== this.#cosignedDay) await sequencer.cosignAgain()
    this.#cosignedDay = today
    return sequencer.pair
  }

  async #letGoAfter(problem: unknown): Promise<void> {
    const code = failureCode(problem)
    this.#health = { state: REFUSALS.has(code) ? 'refused' : 'retrying', code }
    if (!(problem instanceof SequencerStopped) && code !== 'lock_lost') return
    await this.#sequencer?.[Symbol.asyncDispose]()
    this.#sequencer = undefined
  }
}

/** With a code of ours wherever there is one. */
function named(problem: unknown): unknown {
  const code = systemFailure(problem)
  if (problem instanceof RegisterError || problem instanceof SequencerStopped) return problem
  return code === undefined ? problem : new RegisterError(code, 'the machine refused', problem)
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
