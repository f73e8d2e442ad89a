import { createHash } from 'node:crypto'
import { sealTo } from '../sealing/age.ts'
import { dummyId, padDummy } from '../sealing/dummy.ts'
import type { RandomBytes } from '../sealing/parameters.ts'
import type { StorableEnvelope } from './envelope.ts'
import type { ReceiveDependencies } from './receive-envelope.ts'

const HOUR_MS = 60 * 60_000
const REMEMBERED = 64

/** What of an envelope stays in clear, so what a dummy must have in common with real ones. */
interface Shape {
  readonly centre: string
  readonly line: string
  readonly channel: string
  readonly language: string
  readonly sizeClass: number
  readonly sealing: 'epoch' | 'age'
  readonly receipts: number
}

export interface DummiesOptions extends ReceiveDependencies {
  /** How many an hour on average; 0 for none. */
  readonly perHour: number
  readonly findRecipient: (centre: string) => Promise<string>
  readonly random: RandomBytes
  /** What a dummy looks like until real envelopes have been seen. */
  readonly usual: Shape
  readonly onFault: (fault: unknown) => void
}

/**
 * Commits envelopes that nobody sent, at times that nothing determines, so that a commit in the write-ahead log is not yet
 * a person (docs/adr, 12). Each looks like one of the last real ones; what it is stands inside its seal alone.
 */
export class Dummies implements AsyncDisposable {
  readonly #options: DummiesOptions
  readonly #recent: Shape[] = []
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: DummiesOptions) {
    this.#options = options
  }

  start(): void {
    const { perHour, onFault } = this.#options
    if (perHour === 0) return
    this.#timer = setTimeout(() => {
      this.#running = this.commitOne().catch(onFault)
      this.start()
    }, this.#nextDelayMs(perHour))
    this.#timer.unref()
  }

  /** Remembers how real envelopes look, in memory, and forgets it with the process. */
  notice(envelopes: readonly StorableEnvelope[]): void {
    this.#recent.push(...envelopes.map(shapeOf))
    this.#recent.splice(0, this.#recent.length - REMEMBERED)
  }

  async commitOne(): Promise<void> {
    const { commits, reserve, random } = this.#options
    if (reserve !== undefined) await reserve.require()
    const draw = new DataView(Uint8Array.from(random(4)).buffer).getUint32(0)
    const shape = this.#recent[draw % Math.max(1, this.#recent.length)] ?? this.#options.usual
    await commits.add(await this.#make(shape))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    await this.#running
  }

  async #make({ sizeClass, sealing, receipts, ...clear }: Shape): Promise<StorableEnvelope> {
    const { random, findRecipient } = this.#options
    const secret = random(32)
    const padded = padDummy(secret, sizeClass)
    const common = {
      ...clear,
      id: dummyId(secret, (bytes) => createHash('sha256').update(bytes).digest()),
      receipts: Array.from({ length: receipts }, (_, person) => ({
        lookupHash: random(32),
        person,
        alone: receipts === 1,
      })),
    }
    if (sealing === 'epoch') return { ...common, padded }
    const file = await sealTo([await findRecipient(clear.centre)], padded)
    return { ...common, file, sizeClass }
  }

  /** Times between events that know nothing of each other. */
  #nextDelayMs(perHour: number): number {
    const draw = new DataView(Uint8Array.from(this.#options.random(4)).buffer).getUint32(0)
    return Math.min((-Math.log((draw + 1) / 2 ** 32) * HOUR_MS) / perHour, 24 * HOUR_MS)
  }
}

function shapeOf(envelope: StorableEnvelope): Shape {
  const { centre, line, channel, language, receipts } = envelope
  const clear = { centre, line, channel, language, receipts: receipts.length }
  return 'file' in envelope
    ? { ...clear, sealing: 'age', sizeClass: envelope.sizeClass }
    : { ...clear, sealing: 'epoch', sizeClass: envelope.padded.length }
}
