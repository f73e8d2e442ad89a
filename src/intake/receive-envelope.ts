import type { Kysely } from 'kysely'
import type { DiskReserve } from './abuse/disk-reserve.ts'
import { type Envelope, padEnvelope, type StorableEnvelope } from './envelope.ts'
import { insertGroups, type StoredGroup } from './envelope-store.ts'
import { EpochSealer, type EpochSealerOptions } from './epoch-sealer.ts'
import { IntakeError } from './error.ts'
import { GroupCommit } from './group-commit.ts'
import { nodeXChaCha20Poly1305 } from './node-aead.ts'
import type { IntakeTables } from './tables.ts'

const MEBIBYTE = 1024 * 1024

export interface ReceiveDependencies {
  readonly commits: GroupCommit<StorableEnvelope>
  /** What must stay free on the disk; a database elsewhere looks after its own. */
  readonly reserve?: DiskReserve
}

/**
 * Takes one envelope from any channel: bounds it, pads it, seals it, stores it. Resolves only after the
 * durable commit, for a new envelope and for one that is known already alike; the caller acknowledges then
 * and not before. A crash at any earlier point leaves nothing, and the sender, unanswered, sends again.
 */
export async function receiveEnvelope(
  envelope: Envelope,
  { commits, reserve }: ReceiveDependencies,
): Promise<void> {
  const padded = padEnvelope(envelope)
  if (reserve !== undefined) await reserve.require()
  await commits.add(padded)
}

export interface EnvelopeCommitsOptions extends EpochSealerOptions {
  /** Told of what became durable. */
  readonly onStored?: (envelopes: readonly StorableEnvelope[]) => void
  readonly db: Kysely<IntakeTables>
  readonly reserve?: DiskReserve
}

/** The one line of commits of a process. Disposing it waits for what was taken and wipes the epoch keys. */
export class EnvelopeCommits implements ReceiveDependencies, AsyncDisposable {
  readonly commits: GroupCommit<StorableEnvelope>
  readonly reserve?: DiskReserve
  readonly #sealer: EpochSealer

  constructor(options: EnvelopeCommitsOptions) {
    if (options.reserve !== undefined) this.reserve = options.reserve
    this.#sealer = new EpochSealer({ aead: nodeXChaCha20Poly1305, ...options })
    this.commits = new GroupCommit({
      commit: (envelopes) => this.#sealAndStore(envelopes, options),
      weightOf: (envelope) => ('file' in envelope ? envelope.file : envelope.padded).length,
      windowMs: 3,
      maxItems: 50,
      maxWeight: 16 * MEBIBYTE,
      maxWaitingWeight: 64 * MEBIBYTE,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.commits[Symbol.asyncDispose]()
    this.#sealer.close()
  }

  async #sealAndStore(
    envelopes: readonly StorableEnvelope[],
    { db, clock, onStored }: EnvelopeCommitsOptions,
  ): Promise<void> {
    const sealedBySender = envelopes.filter((envelope) => 'file' in envelope)
    const plain = envelopes.filter((envelope) => 'padded' in envelope)
    const byCentre = Map.groupBy(plain, ({ centre }) => centre)
    try {
      const groups: StoredGroup[] = []
      for (const [centre, ofCentre] of byCentre) {
        const padded = ofCentre.map((envelope) => envelope.padded)
        const sealed = await this.#sealer.sealGroup(centre, padded)
        groups.push({ envelopes: ofCentre, sealed })
      }
      await insertGroups(db, groups, sealedBySender, clock().toISOString().slice(0, 10))
      for (const centre of byCentre.keys()) this.#sealer.committed(centre)
      onStored?.(envelopes)
    } catch (cause) {
      for (const centre of byCentre.keys()) this.#sealer.failed(centre)
      if (cause instanceof IntakeError) throw cause
      throw new IntakeError('not_stored', 'the commit failed', cause)
    }
  }
}
