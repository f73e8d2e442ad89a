import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { concatBytes, fromUtf8 } from '../encoding/bytes.ts'
import type { Aead } from '../sealing/aead.ts'
import { openWithKey, sealWithKey } from '../sealing/keyed-seal.ts'
import { formatCheckpoint } from '../tlog/checkpoint.ts'
import type { TreeEdge } from '../tlog/edge.ts'
import { leafHash, type Sha256, type TreeHash } from '../tlog/hash.ts'
import { signNote } from '../tlog/signed-note.ts'
import { parseEntryBundle, parseTilePath, tilePath } from '../tlog/tile.ts'
import { type AssignedBatch, assignBatch, batchFiles, completedPartials } from './batch-files.ts'
import { findFileNow, type NamedBytes, writeDurably } from './durable-files.ts'
import { encodeEntryList } from './entry-list.ts'
import { RegisterError, SequencerStopped } from './error.ts'
import { archivePath, checkpointPath, type Log } from './log.ts'
import type { LogId } from './log-keys.ts'
import {
  forgetStagedContent,
  insertStagedBatch,
  type LogState,
  moveLogState,
  recordCosigned,
  recordPublished,
  recordSigned,
} from './log-state-store.ts'
import { packBytes, unpackBytes } from './packed-bytes.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'
import { serveStaged, stageFiles } from './tile-store.ts'

/** Entries in the order of their indices, and what becomes public with them. */
export type Batch = {
  readonly day: string
  readonly entries: readonly Uint8Array[]
  readonly content: (ContentStep & { readonly bytes: Uint8Array }) | null
  /** Writes what must be true together with the indices, in their transaction. */
  readonly alongside: (tx: RegisterTransaction) => Promise<void>
}

/** What becomes visible with a batch; its bytes wait sealed until step 7. */
export type ContentStep = {
  /** Turns it into rows, once: in the transaction that also forgets the staged copy. */
  readonly apply: (tx: RegisterTransaction) => Promise<void>
  /** Meanwhile writes what readers will get, under temporary names. */
  readonly prepare: () => Promise<void>
}

export type Cosign = (log: Log, note: Uint8Array, previousSize: number) => Promise<Uint8Array>

export type SequencingDeps = {
  readonly db: RegisterDatabase
  /** Brings the note to the witnesses; throws `quorum_missing` or an alarm. */
  readonly cosign: Cosign
  readonly stagingKey: Uint8Array
  /** `ContentStep.apply` for the staged bytes of a batch found at start. */
  readonly applyContent: (tx: RegisterTransaction, content: Uint8Array) => Promise<void>
  /** The cipher of staged content; without it the portable one. */
  readonly aead?: Aead
  /** Throws `lock_lost` when another writer may have started. */
  readonly requireWriterLock: () => void
  readonly sha256: Sha256
  readonly random: (length: number) => Uint8Array
  /** Throwing here leaves what a crash after that step leaves. */
  readonly testingOnlyAfterStep?: (log: LogId, step: number) => void | Promise<void>
}

/** Appends a batch to one log and publishes it: steps 2 to 8 of docs/formats/served-layout.md. Returns the new state. */
export async function sequence(
  log: Log,
  state: LogState,
  batch: Batch,
  deps: SequencingDeps,
): Promise<LogState> {
  if (batch.day < state.lastDay) {
    throw new RegisterError(
      'clock_behind',
      `the clock says ${batch.day}, the last entry of ${log.id} is of ${state.lastDay}: set the clock`,
    )
  }
  deps.requireWriterLock()

  // 2. Indices, edge and root in one transaction. Before its commit a crash leaves the items waiting as they were;
  // after it these entries have these indices for ever, and `finishBatch` is the only way on.
  // Other threads pack while this one hashes.
  const packing = Promise.all([
    packBytes(encodeEntryList(batch.entries)),
    batch.content === null ? null : packBytes(batch.content.bytes),
  ])
  const assigned = assignBatch(state.edge, batch.entries, deps.sha256)
  const { edge, root } = assigned
  const [entries, content] = await packing
  const sealedContent = content && sealContent(log, edge, content, deps)
  try {
    await deps.db.transaction().execute(async (tx) => {
      await moveLogState(
        tx,
        log.id,
        { size: state.edge.size, root: state.root },
        { edge, root, lastDay: batch.day },
      )
      await insertStagedBatch(tx, log.id, {
        edgeBefore: state.edge,
        entries,
        sealedContent,
      })
      await batch.alongside(tx)
    })
    await deps.testingOnlyAfterStep?.(log.id, 2)
    const moved = { ...state, edge, root, lastDay: batch.day }
    return await finishBatch(log, moved, assigned, batch.content, deps)
  } catch (cause) {
    // A commit whose answer got lost may have happened: only a new start can tell.
    throw new SequencerStopped(cause)
  }
}

/** Steps 3 to 8, for a batch just assigned and for one found at start: both take this one path. `content` is null once its rows are in place. */
export async function finishBatch(
  log: Log,
  state: LogState,
  batch: AssignedBatch,
  content: ContentStep | null,
  deps: SequencingDeps,
): Promise<LogState> {
  const { size } = state.edge
  const first = batch.edgeBefore.size
  requireRoot(log, batch.root, state.root)
  const files = await batchFiles(log.served, batch, deps.sha256)

  // 3. Everything a checkpoint of this size implies, unserved. A crash leaves whole files that are written again equally.
  await stageFiles(files, log.staging, log.scratch)
  await deps.testingOnlyAfterStep?.(log.id, 3)

  // 4. What will be signed is what the disk gives back, not what memory held.
  requireReadBack(log, files, deps.sha256)
  await deps.testingOnlyAfterStep?.(log.id, 4)

  // 5. Recorded before it leaves, so that no restart can sign another tree of this size. A note signed
  // before a crash is taken up again, byte for byte.
  deps.requireWriterLock()
  const body = formatCheckpoint({ origin: log.origin, size, root: state.root })
  const note = state.signedSize === size ? state.signedNote : signNote(body, [log.signer])
  if (state.signedSize !== size) {
    await recordSigned(deps.db, log.id, state.signedSize, { size, note: fromUtf8(note) })
  }
  await deps.testingOnlyAfterStep?.(log.id, 5)

  // 6. The quorum of the policy or nothing. A crash leaves a signed note that only witnesses have seen; what they
  // answered is recorded before it is served.
  const isCosigned = state.signedSize === size && state.isCosigned
  const published = isCosigned ? note : await deps.cosign(log, note, first)
  if (!isCosigned) await recordCosigned(deps.db, log.id, { size, note: fromUtf8(published) })
  await deps.testingOnlyAfterStep?.(log.id, 6)

  // 7. Tiles, content rows, checkpoint, archive. Until the checkpoint is renamed into place readers see the older tree,
  // whatever a crash leaves of this. Content files follow with the pair, so that none is ahead of it.
  // The three concern different things, and whichever a crash leaves undone is done again.
  await allOf([
    applyContentRows(log, content, deps),
    serveStaged(files, log.staging, log.served),
    content?.prepare(),
  ])
  await deps.testingOnlyAfterStep?.(log.id, 7.1)
  deps.requireWriterLock()
  await writeDurably([{ path: checkpointPath(log), bytes: published }], log.scratch)
  await deps.testingOnlyAfterStep?.(log.id, 7.2)
  await writeDurably([{ path: archivePath(log, size), bytes: published }], log.scratch)
  await recordPublished(deps.db, log.id, size)
  await deps.testingOnlyAfterStep?.(log.id, 7)

  // 8. Partials whose full tile is served. A crash leaves some, which only cost room.
  for (const partials of completedPartials(batch)) {
    await rm(join(log.served, partials), { recursive: true, force: true })
  }
  await deps.testingOnlyAfterStep?.(log.id, 8)
  return {
    ...state,
    signedSize: size,
    signedNote: published,
    isCosigned: true,
    publishedSize: size,
  }
}

async function applyContentRows(
  log: Log,
  content: ContentStep | null,
  { db }: SequencingDeps,
): Promise<void> {
  if (content === null) return
  await db.transaction().execute(async (tx) => {
    await content.apply(tx)
    await forgetStagedContent(tx, log.id)
  })
}

/** Nothing is left running when it throws. */
async function allOf(running: readonly (Promise<void> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(running)) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
}

/** Reads everything back, and hashes every entry again against the tile beside it. */
function requireReadBack(log: Log, files: readonly NamedBytes[], sha256: Sha256): void {
  const found = new Map<string, Uint8Array>()
  for (const { path, bytes } of files) {
    const reread = findFileNow(join(log.staging, path))
    if (reread === undefined || Buffer.compare(reread, bytes) !== 0) {
      throw new RegisterError('hash_mismatch', `${path} does not read back as it was written`)
    }
    found.set(path, reread)
  }
  for (const [path, bytes] of found) {
    const { kind, index, width } = parseTilePath(path)
    if (kind !== 'entries') continue
    const hashes = parseEntryBundle(bytes).map((entry) => leafHash(entry, sha256))
    const tile = found.get(tilePath(0, index, width)) ?? new Uint8Array(0)
    if (Buffer.compare(concatBytes(...hashes), tile) !== 0) {
      throw new RegisterError('hash_mismatch', `${path} does not hold what its tile says`)
    }
  }
}

function requireRoot(log: Log, root: TreeHash, expected: TreeHash): void {
  if (Buffer.compare(root, expected) !== 0) {
    throw new RegisterError('hash_mismatch', `the entries of ${log.id} do not make its root`)
  }
}

function sealContent(
  log: Log,
  edge: TreeEdge,
  packed: Uint8Array,
  { stagingKey, random, aead }: SequencingDeps,
): Uint8Array {
  return sealWithKey(stagingKey, contentContext(log, edge), packed, random, aead)
}

/** The content of a batch found at start. */
export async function openStagedContent(
  log: Log,
  edge: TreeEdge,
  sealed: Uint8Array | null,
  { stagingKey, aead }: SequencingDeps,
): Promise<Uint8Array | null> {
  if (sealed === null) return null
  return unpackBytes(openWithKey(stagingKey, contentContext(log, edge), sealed, aead))
}

// Staged content opens for the batch it was made for only.
function contentContext(log: Log, edge: TreeEdge): string {
  return `avow/staged-content/v1\n${log.origin}\n${edge.size}`
}
