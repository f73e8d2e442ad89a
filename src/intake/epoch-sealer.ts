import type { Aead } from '../sealing/aead.ts'
import {
  EPOCH_ROWS_MAX,
  type Epoch,
  type EpochRow,
  endEpoch,
  type SealedRow,
  sealRow,
  startEpoch,
} from '../sealing/epoch.ts'
import type { RandomBytes } from '../sealing/parameters.ts'

const EPOCH_LASTS_MS = 60_000

export interface EpochSealerOptions {
  /** The centre's recipient by a directory that verifies. */
  readonly findRecipient: (centre: string) => Promise<string>
  readonly clock: () => Date
  readonly random: RandomBytes
  readonly aead?: Aead
}

export interface SealedGroup {
  readonly centre: string
  readonly epochId: Uint8Array
  /** The epoch's own row, to be committed together with these rows; absent once it is durable. */
  readonly epochRow: EpochRow | undefined
  /** In the order of the plaintexts. */
  readonly rows: readonly SealedRow[]
}

interface OpenEpoch {
  readonly epoch: Epoch
  readonly row: EpochRow
  readonly startedAtMs: number
  durable: boolean
}

/**
 * Owns the running epoch of each centre. One group at a time: `sealGroup`, then the commit, then `committed`
 * or `failed`. A second group before that could reference an epoch row nobody else can see yet.
 */
export class EpochSealer {
  readonly #options: EpochSealerOptions
  readonly #epochs = new Map<string, OpenEpoch>()

  constructor(options: EpochSealerOptions) {
    this.#options = options
  }

  /** At most EPOCH_ROWS_MAX plaintexts of one centre, each padded to its size class. */
  async sealGroup(centre: string, plaintexts: readonly Uint8Array[]): Promise<SealedGroup> {
    const open = await this.#epochFor(centre, plaintexts.length)
    const order = shuffledOrder(plaintexts.length, this.#options.random)
    const rows = new Array<SealedRow>(plaintexts.length)
    for (const at of order) {
      const plaintext = plaintexts[at]
      if (plaintext !== undefined) rows[at] = sealRow(open.epoch, plaintext)
    }
    return {
      centre,
      epochId: open.row.id,
      epochRow: open.durable ? undefined : open.row,
      rows,
    }
  }

  committed(centre: string): void {
    const open = this.#epochs.get(centre)
    if (open !== undefined) open.durable = true
  }

  /** Whether the epoch's row reached the disk is unknown after a failed commit, so the epoch is not used again. */
  failed(centre: string): void {
    this.#end(centre)
  }

  close(): void {
    for (const centre of [...this.#epochs.keys()]) this.#end(centre)
  }

  async #epochFor(centre: string, rows: number): Promise<OpenEpoch> {
    const open = this.#epochs.get(centre)
    const now = this.#options.clock().getTime()
    if (open !== undefined && isUsable(open, now, rows)) return open
    this.#end(centre)
    const { findRecipient, random, aead } = this.#options
    const recipient = await findRecipient(centre)
    const started = await startEpoch({
      centre,
      recipients: [recipient],
      random,
      ...(aead === undefined ? {} : { aead }),
    })
    const fresh: OpenEpoch = { ...started, startedAtMs: now, durable: false }
    this.#epochs.set(centre, fresh)
    return fresh
  }

  #end(centre: string): void {
    const open = this.#epochs.get(centre)
    if (open === undefined) return
    endEpoch(open.epoch)
    this.#epochs.delete(centre)
  }
}

function isUsable(open: OpenEpoch, nowMs: number, rows: number): boolean {
  const age = nowMs - open.startedAtMs
  // A clock set back would otherwise keep an epoch alive for as long as it was set back.
  return age >= 0 && age < EPOCH_LASTS_MS && open.epoch.nextIndex + rows <= EPOCH_ROWS_MAX
}

/** A random order, so that a row's index says nothing about who came first within a commit group. */
function shuffledOrder(length: number, random: RandomBytes): number[] {
  const order = Array.from({ length }, (_, i) => i)
  const draws = new DataView(Uint8Array.from(random(4 * length)).buffer)
  for (let i = length - 1; i > 0; i--) {
    // The bias of the remainder is below 2^-20 for groups this small.
    const j = draws.getUint32(4 * i) % (i + 1)
    const other = order[j] ?? 0
    order[j] = order[i] ?? 0
    order[i] = other
  }
  return order
}
