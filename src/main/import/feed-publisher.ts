import { setTimeout as sleep } from 'node:timers/promises'
import { openPublisherRecipient } from '../../declaration/publisher-recipient.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { ImportError } from '../../importing/error.ts'
import { readManifestParts } from '../../importing/prepare-import.ts'
import {
  fileManifest,
  filePart,
  type ImportProgress,
  readImportProgress,
} from '../../register/import-item-store.ts'
import { manifestHash, type SignedManifest } from '../../register/import-manifest.ts'
import type { RegisterDatabase } from '../../register/tables.ts'
import { sha256 } from '../world.ts'
import type { Archive } from './open-archive.ts'

/** Parts that wait sealed in the database: enough to keep the publisher busy, and never a second copy of the archive. */
const PARTS_AHEAD = 12
const POLL_MS = 100
/** A publisher that does nothing for so long is not there, or refuses to continue. */
const STALLED_AFTER_MS = 300_000

export interface Feeding {
  readonly db: RegisterDatabase
  /** Of the declaration log, which vouches for the publisher's recipient. */
  readonly verifierKey: string
  /** Ends the feeding at the next look; what was handed over is published or waits. */
  readonly signal?: AbortSignal
  readonly onProgress: (progress: ImportProgress & { readonly parts: number }) => void
}

/**
 * Hands an archive to the publisher part by part and waits until all of it is public. Ended at any point and called
 * again it continues: parts are filed under their own ids, and statements that are in the register are left out.
 */
export async function feedPublisher(
  archive: Archive,
  signed: SignedManifest,
  feeding: Feeding,
): Promise<void> {
  await fileManifest(feeding.db, signed, sha256)
  const watch = new ProgressWatch(signed, feeding)
  for (;;) {
    const recipient = await publisherRecipient(signed.manifest.register, feeding)
    await dropUnopenable(feeding.db, recipient)
    const isOurs = async () =>
      (await publisherRecipient(signed.manifest.register, feeding)) === recipient
    if ((await fileParts(archive, signed, recipient, watch, isOurs, feeding)) === 'published')
      return
  }
}

async function fileParts(
  archive: Archive,
  signed: SignedManifest,
  recipient: string,
  watch: ProgressWatch,
  isOurs: () => Promise<boolean>,
  { db }: Feeding,
): Promise<'published' | 'recipient-changed'> {
  const manifest = manifestHash(signed.manifest, sha256)
  const { parts } = signed.manifest
  let filed = 0
  const waitUntil = async (enough: (progress: ImportProgress) => boolean) => {
    for (;;) {
      if (!(await isOurs())) throw new RecipientChanged()
      if (enough(await watch.look(filed))) return
      await sleep(POLL_MS)
    }
  }
  try {
    await readManifestParts(
      archive.pieces(),
      archive.form,
      signed.manifest,
      async (bytes, part) => {
        await waitUntil(({ waiting }) => waiting < PARTS_AHEAD)
        await filePart(db, { manifest, part, bytes }, recipient, sha256)
        filed++
      },
    )
    await waitUntil(({ published }) => published === parts.length)
    return 'published'
  } catch (error) {
    if (error instanceof RecipientChanged) return 'recipient-changed'
    throw error
  }
}

class RecipientChanged extends Error {}

/** Reads how far the publisher is, tells it on, and notices when nothing moves or something was refused. */
class ProgressWatch {
  readonly #signed: SignedManifest
  readonly #feeding: Feeding
  #published = -1
  #movedAt = performance.now()

  constructor(signed: SignedManifest, feeding: Feeding) {
    this.#signed = signed
    this.#feeding = feeding
  }

  async look(filed: number): Promise<ImportProgress> {
    const { db, onProgress, signal } = this.#feeding
    if (signal?.aborted === true) {
      throw new ImportError('interrupted', 'stopped; run it again to continue')
    }
    const progress = await readImportProgress(db, this.#signed, sha256)
    onProgress({ ...progress, parts: this.#signed.manifest.parts.length })
    if (progress.published + progress.waiting < filed) {
      throw new ImportError('part_refused', `the publisher refused a part: ${await refusals(db)}`)
    }
    const now = performance.now()
    if (progress.published !== this.#published || progress.waiting === 0) this.#movedAt = now
    this.#published = progress.published
    if (now - this.#movedAt > STALLED_AFTER_MS) {
      throw new ImportError(
        'publisher_stalled',
        'the publisher takes nothing; look at its messages',
      )
    }
    return progress
  }
}

/** A publisher that started anew cannot open what waits under the key of the one before. The archive still has it. */
async function dropUnopenable(db: RegisterDatabase, recipient: string): Promise<void> {
  await db
    .deleteFrom('avow.approved_item')
    .where('kind', '=', 'import')
    .where('state', '=', 'waiting')
    .where('recipient_hash', '<>', sha256(utf8(recipient)))
    .execute()
}

async function publisherRecipient(
  register: string,
  { db, verifierKey }: Pick<Feeding, 'db' | 'verifierKey'>,
): Promise<string> {
  for (;;) {
    const row = await db
      .selectFrom('avow.publisher_recipient')
      .select('note')
      .where('current', '=', true)
      .executeTakeFirst()
    if (row !== undefined) {
      const opened = openPublisherRecipient(utf8(row.note), verifierKey)
      if (opened.register === register) return opened.recipient
    }
    // Between taking the lock and naming its key a publisher re-verifies what it serves.
    await sleep(POLL_MS)
  }
}

async function refusals(db: RegisterDatabase): Promise<string> {
  const rows = await db
    .selectFrom('avow.refused_item')
    .select('code')
    .distinct()
    .where('kind', '=', 'import')
    .execute()
  return rows.map(({ code }) => code).join(', ')
}
