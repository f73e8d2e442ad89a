import { rm } from 'node:fs/promises'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import type { Aead } from '../sealing/aead.ts'
import type { Pair } from '../verify/latest.ts'
import { ACT_RECIPIENT_FILE, actRecipientNote, announceActRecipient } from './act-recipient.ts'
import { applyStagedContent } from './apply-batch-content.ts'
import { carryOutActs, carryOutOrders } from './carry-out-acts.ts'
import type { ChosenActs } from './choose-acts.ts'
import type { ChosenOrder } from './choose-orders.ts'
import { loadContentSynced, type PreparedContent, syncContentFiles } from './content-store.ts'
import { writeDurably } from './durable-files.ts'
import { eraseFiles } from './erase-content.ts'
import { SequencerStopped } from './error.ts'
import { hasQueuedEvents, queueEvents, type WaitingEvent } from './event-queue.ts'
import type { ServedEntries } from './leaf-entries.ts'
import { checkpointPath, type Log, openLog, type RegisterFolders } from './log.ts'
import type { LogKeys } from './log-keys.ts'
import type { LogState } from './log-state-store.ts'
import { prepareRegister } from './prepare-register.ts'
import { publicationDay } from './publication-day.ts'
import { type BatchAuthority, publishDeclarations } from './publish-declarations.ts'
import { showRaised } from './raise-content.ts'
import { type RecoveryDeps, recoverLog } from './recover-log.ts'
import type { ReviewedItem } from './reviewed-item.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { sequenceEvents } from './sequence-events.ts'
import { type ShowingDeps, showPair } from './show-pair.ts'
import type { RegisterDatabase } from './tables.ts'
import { NO_WITNESSES, type WitnessConfig, witnessing } from './witnessing.ts'
import { takeWriterLock, type WriterLock } from './writer-lock.ts'

export type RegisterConfig = RegisterFolders & {
  /** AVOW_ORIGIN: part of both log origins. */
  readonly name: string
  readonly form: FormDefinition
  readonly formHash: string
}

export type SequencerDeps = {
  readonly db: RegisterDatabase
  /** The publisher role's own address, for the connection that holds the lock. */
  readonly databaseUrl: string
  readonly config: RegisterConfig
  readonly logKeys: LogKeys
  readonly stagingKey: Uint8Array
  /** Left out, nobody watches the logs. */
  readonly witnesses?: WitnessConfig
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** The cipher of staged content; without it the portable one. */
  readonly aead?: Aead
  /** Renders without what was just erased from rows and files; done before the event says so. */
  readonly onErased?: () => Promise<void>
  readonly testingOnlyAfterStep?: SequencingDeps['testingOnlyAfterStep']
}

type StepDeps = RecoveryDeps & ShowingDeps

/**
 * The one writer of both logs. Opening re-verifies what is served and finishes what a crash left; after a
 * `SequencerStopped` it does nothing any more and has to be opened again.
 */
export class Sequencer implements AsyncDisposable {
  readonly #deps: SequencerDeps
  readonly #steps: StepDeps
  readonly #lock: WriterLock
  readonly #logs: { readonly declarations: Log; readonly events: Log }
  #declarations: LogState
  #events: LogState
  #pair: Pair
  /** Content files exist below this, and are durable below the other. */
  #contentServed = 0
  #contentSynced = -1
  #prepared: PreparedContent | undefined
  #stopped: SequencerStopped | undefined

  static async open(deps: SequencerDeps): Promise<Sequencer> {
    const lock = await takeWriterLock(deps.databaseUrl)
    try {
      const { config } = deps
      const logs = {
        declarations: openLog('declarations', config.name, deps.logKeys, config),
        events: openLog('events', config.name, deps.logKeys, config),
      }
      const { policyText, policy, cosign, compare } = witnessing(
        deps.logKeys,
        deps.witnesses ?? NO_WITNESSES,
        deps,
      )
      const { scratch } = logs.declarations
      const actRecipient = await actRecipientNote(deps.stagingKey, config.name, deps.logKeys)
      await announceActRecipient(deps.db, actRecipient)
      const steps: StepDeps = {
        db: deps.db,
        policy,
        cosign,
        compareWithWitnesses: compare,
        stagingKey: deps.stagingKey,
        applyContent: applyStagedContent,
        ...(deps.aead === undefined ? {} : { aead: deps.aead }),
        scratch,
        requireWriterLock: lock.requireHeld,
        sha256: deps.sha256,
        random: deps.random,
        publicFolder: config.publicFolder,
        namedFiles: [
          { path: 'log/policy', bytes: utf8(policyText) },
          { path: ACT_RECIPIENT_FILE, bytes: actRecipient },
          { path: `log/forms/${config.formHash}.json`, bytes: utf8(canonicalJson(config.form)) },
        ],
        ...(deps.testingOnlyAfterStep === undefined
          ? {}
          : { testingOnlyAfterStep: deps.testingOnlyAfterStep }),
      }
      // Temporary names that a crash left: nothing else is ever in there.
      await rm(scratch, { recursive: true, force: true })
      await prepareRegister(deps, logs, policyText)
      const declarations = await openDeclarations(logs.declarations, steps, dayOf(deps.clock()))
      const events = await recoverLog(logs.events, steps)
      const sequencer = new Sequencer(deps, steps, lock, logs, declarations, events)
      // A power cut may have taken content files that were not synced yet.
      sequencer.#contentServed = await loadContentSynced(deps.db)
      await sequencer.#completePair()
      return sequencer
    } catch (error) {
      await lock[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(
    deps: SequencerDeps,
    steps: StepDeps,
    lock: WriterLock,
    logs: { readonly declarations: Log; readonly events: Log },
    declarations: LogState,
    events: LogState,
  ) {
    this.#deps = deps
    this.#steps = steps
    this.#lock = lock
    this.#logs = logs
    this.#declarations = declarations
    this.#events = events
    this.#pair = pairOf(declarations, events)
  }

  /** The newest pair that `log/latest` names. */
  get pair(): Pair {
    return this.#pair
  }

  /** Whether new entries get the day of the newest one, because the clock is behind it. */
  get isClockBehind(): boolean {
    return this.#day() > dayOf(this.#deps.clock())
  }

  /** Publishes a batch of reviewed items with its events and its tally. */
  async publishItems(items: readonly ReviewedItem[], authority: BatchAuthority): Promise<Pair> {
    const { config } = this.#deps
    await this.#guard(async () => {
      const published = await publishDeclarations(
        this.#logs.declarations,
        this.#declarations,
        { items, day: this.#day(), authority },
        {
          ...this.#steps,
          register: config.name,
          formHash: config.formHash,
          minimumGroup: config.form.minimumGroup.k,
        },
      )
      this.#declarations = published.state
      this.#prepared = published.prepared
    })
    return this.publishQueuedEvents()
  }

  /** Where the published declarations are. */
  get entries(): ServedEntries {
    return { served: this.#logs.declarations.served, size: this.#declarations.publishedSize }
  }

  /** Origin of the declaration log: what authors sign for. */
  get origin(): string {
    return this.#logs.declarations.origin
  }

  /** Takes back, corrects and publishes what authors asked for: rows, files and pages first, then the events. */
  async publishActs(acts: ChosenActs, today: string): Promise<Pair> {
    this.#lock.requireHeld()
    const { db, stagingKey, random } = this.#deps
    await db.transaction().execute((tx) => carryOutActs(tx, acts, { stagingKey, random, today }))
    await this.#steps.testingOnlyAfterStep?.('events', 0.1)
    return this.publishQueuedEvents()
  }

  async publishOrders(orders: readonly ChosenOrder[]): Promise<Pair> {
    this.#lock.requireHeld()
    const { db, random } = this.#deps
    await db.transaction().execute((tx) => carryOutOrders(tx, orders, { random }))
    await this.#steps.testingOnlyAfterStep?.('events', 0.1)
    return this.publishQueuedEvents()
  }

  async queueEvent(event: WaitingEvent): Promise<void> {
    await this.#deps.db.transaction().execute((tx) => queueEvents(tx, [event], this.#deps.random))
  }

  /** Publishes a pair with every waiting event. */
  async publishQueuedEvents(): Promise<Pair> {
    await this.#guard(async () => {
      await eraseFiles({ ...this.#steps, ...this.#erasing() })
      await this.#steps.testingOnlyAfterStep?.('events', 0.2)
      this.#events = await sequenceEvents(
        this.#logs,
        this.#events,
        this.#declarations,
        this.#day(),
        this.#steps,
      )
    })
    return this.#showPair()
  }

  /** For quiet moments: makes content files durable that so far only their rows were. */
  async syncContent(): Promise<void> {
    const size = this.#declarations.publishedSize
    if (size === this.#contentSynced) return
    const first = await loadContentSynced(this.#deps.db)
    await syncContentFiles(this.#deps.db, { first, size }, this.#steps)
    this.#contentSynced = size
  }

  /** Lets the witnesses say again that nothing newer than the served heads is known, as readers expect daily. */
  async cosignAgain(): Promise<void> {
    if (this.#deps.witnesses === undefined) return
    for (const [log, state] of [
      [this.#logs.declarations, this.#declarations],
      [this.#logs.events, this.#events],
    ] as const) {
      const note = await this.#steps.cosign(log, state.signedNote, state.signedSize)
      this.#lock.requireHeld()
      await writeDurably([{ path: checkpointPath(log), bytes: note }], log.scratch)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock[Symbol.asyncDispose]()
  }

  #erasing(): Pick<SequencerDeps, 'onErased'> {
    const { onErased } = this.#deps
    return onErased === undefined ? {} : { onErased }
  }

  #day(): string {
    return publicationDay(this.#deps.clock(), [this.#declarations.lastDay, this.#events.lastDay])
  }

  /** At start: a crash may have left events without their pair, or the pair without its name. */
  async #completePair(): Promise<void> {
    if (this.#events.publishedSize < 1 || (await hasQueuedEvents(this.#deps.db))) {
      await this.publishQueuedEvents()
      return
    }
    await this.#showPair()
  }

  async #showPair(): Promise<Pair> {
    await this.#guard(async () => {
      const size = this.#declarations.publishedSize
      const heads = { declarations: this.#declarations, events: this.#events }
      const content = { first: this.#contentServed, size }
      try {
        await showRaised(this.#steps)
        await this.#steps.testingOnlyAfterStep?.('events', 8.1)
        this.#pair = await showPair(heads, content, this.#steps, this.#prepared)
      } catch (cause) {
        // The logs are ahead of their pair: opening again shows it.
        throw new SequencerStopped(cause)
      }
      this.#contentServed = size
      this.#prepared = undefined
    })
    return this.#pair
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped
    try {
      await work()
    } catch (error) {
      if (error instanceof SequencerStopped) this.#stopped = error
      throw error
    }
  }
}

/** Recovers the declaration log, or publishes its empty tree. */
async function openDeclarations(log: Log, steps: StepDeps, day: string): Promise<LogState> {
  const recovered = await recoverLog(log, steps)
  if (recovered.publishedSize >= 0) return recovered
  const nothing = { day, entries: [], content: null, alongside: async () => {} }
  return sequence(log, recovered, nothing, steps)
}

function pairOf(declarations: LogState, events: LogState): Pair {
  return {
    declarations: { size: declarations.edge.size, root: declarations.root },
    events: { size: events.edge.size, root: events.root },
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
