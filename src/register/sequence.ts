import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fromUtf8 } from '../encoding/bytes.ts'
import { openWithKey, sealWithKey } from '../sealing/keyed-seal.ts'
import { formatCheckpoint } from '../tlog/checkpoint.ts'
import { appendLeafHashes, type TreeEdge } from '../tlog/edge.ts'
import { leafHash, type Sha256, type TreeHash } from '../tlog/hash.ts'
import { type Policy, verifyCheckpoint } from '../tlog/policy.ts'
import { signNote } from '../tlog/signed-note.ts'
import { parseEntryBundle, parseTilePath, partialWidth } from '../tlog/tile.ts'
import { type AssignedBatch, assignBatch, batchFiles, completedPartials } from './batch-files.ts'
import { findFile, type NamedBytes, writeDurably } from './durable-files.ts'
import { encodeEntryList } from './entry-list.ts'
import { RegisterError, SequencerStopped } from './error.ts'
import { archivePath, checkpointPath, type Log } from './log.ts'
import type { LogId } from './log-keys.ts'
import {
  forgetStagedContent,
  insertStagedBatch,
  type LogState,
  moveLogState,
  recordPublished,
  recordSigned,
} from './log-state-store.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'
import { serveStaged, stageFiles } from './tile-store.ts'

/** Entries in the order of their indices, and what becomes public with them. */
export type Batch = {
  readonly day: string
  readonly entries: readonly Uint8Array[]
  /** What `content` turns into rows and files at step 7; sealed while it waits. */
  readonly content: Uint8Array | null
  /** Writes what must be true together with the indices, in their transaction. */
  readonly alongside: (tx: RegisterTransaction) => Promise<void>
}

/** Makes the erasable side public. Both must be safe to do twice. */
export type ContentPublisher = {
  readonly applyRows: (tx: RegisterTransaction, content: Uint8Array) => Promise<void>
  readonly serveFiles: (range: { readonly first: number; readonly size: number }) => Promise<void>
}

export type SequencingDeps = {
  readonly db: RegisterDatabase
  readonly policy: Policy
  readonly stagingKey: Uint8Array
  readonly content: ContentPublisher
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
    throw new RegisterError('clock_behind', `the last entry of ${log.id} is of a later day`)
  }
  deps.requireWriterLock()

  // 2. Indices, edge and root in one transaction. Before its commit a crash leaves the items waiting as they were;
  // after it these entries have these indices for ever, and `finishBatch` is the only way on.
  const assigned = assignBatch(state.edge, batch.entries, deps.sha256)
  const { edge, root } = assigned
  const sealedContent = sealContent(log, edge, batch.content, deps)
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
        entries: encodeEntryList(batch.entries),
        sealedContent,
      })
      await batch.alongside(tx)
    })
    await deps.testingOnlyAfterStep?.(log.id, 2)
    const moved = { ...state, edge, root, lastDay: batch.day }
    return await finishBatch(log, moved, assigned, sealedContent, deps)
  } catch (cause) {
    // A commit whose answer got lost may have happened: only a new start can tell.
    throw new SequencerStopped(cause)
  }
}

/** Steps 3 to 8, for a batch just assigned and for one found at start: both take this one path. */
export async function finishBatch(
  log: Log,
  state: LogState,
  batch: AssignedBatch,
  sealedContent: Uint8Array | null,
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
  requireRoot(log, await rereadRoot(log, batch.edgeBefore, files, deps.sha256), state.root)
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

  // 6. The quorum of the policy or nothing. A crash leaves a signed note that nobody has seen.
  requireQuorum(note, deps.policy)
  await deps.testingOnlyAfterStep?.(log.id, 6)

  // 7. Tiles, content, checkpoint, archive. Until the checkpoint is renamed into place readers see the older tree,
  // whatever a crash leaves of this; the rows come first because content files are made from them.
  await serveStaged(files, log.staging, log.served)
  if (sealedContent !== null) {
    const content = openWithKey(deps.stagingKey, contentContext(log, state.edge), sealedContent)
    await deps.db.transaction().execute(async (tx) => {
      await deps.content.applyRows(tx, content)
      await forgetStagedContent(tx, log.id)
    })
  }
  await deps.testingOnlyAfterStep?.(log.id, 7.1)
  if (log.id === 'declarations') await deps.content.serveFiles({ first, size })
  await deps.testingOnlyAfterStep?.(log.id, 7.2)
  deps.requireWriterLock()
  await writeDurably([{ path: checkpointPath(log), bytes: note }], log.scratch)
  await deps.testingOnlyAfterStep?.(log.id, 7.3)
  await writeDurably([{ path: archivePath(log, size), bytes: note }], log.scratch)
  await recordPublished(deps.db, log.id, size)
  await deps.testingOnlyAfterStep?.(log.id, 7)

  // 8. Partials whose full tile is served. A crash leaves some, which only cost room.
  for (const partials of completedPartials(batch)) {
    await rm(join(log.served, partials), { recursive: true, force: true })
  }
  await deps.testingOnlyAfterStep?.(log.id, 8)
  return { ...state, signedSize: size, signedNote: note, publishedSize: size }
}

async function rereadRoot(
  log: Log,
  edgeBefore: TreeEdge,
  files: readonly NamedBytes[],
  sha256: Sha256,
): Promise<TreeHash> {
  const entries: Uint8Array[] = []
  for (const { path, bytes } of files) {
    const found = await findFile(join(log.staging, path))
    if (found === undefined || Buffer.compare(found, bytes) !== 0) {
      throw new RegisterError('hash_mismatch', `${path} does not read back as it was written`)
    }
    if (parseTilePath(path).kind === 'entries') entries.push(...parseEntryBundle(found))
  }
  // The first bundle may begin with entries of the tree before.
  const added = entries.slice(partialWidth(0, edgeBefore.size))
  const hashes = added.map((entry) => leafHash(entry, sha256))
  return appendLeafHashes(edgeBefore, hashes, sha256).root
}

function requireRoot(log: Log, root: TreeHash, expected: TreeHash): void {
  if (Buffer.compare(root, expected) !== 0) {
    throw new RegisterError('hash_mismatch', `the entries of ${log.id} do not make its root`)
  }
}

function requireQuorum(note: Uint8Array, policy: Policy): void {
  try {
    verifyCheckpoint(note, policy)
  } catch (cause) {
    throw new RegisterError('quorum_missing', 'the note does not satisfy our own policy', cause)
  }
}

function sealContent(
  log: Log,
  edge: TreeEdge,
  content: Uint8Array | null,
  { stagingKey, random }: SequencingDeps,
): Uint8Array | null {
  if (content === null) return null
  return sealWithKey(stagingKey, contentContext(log, edge), content, random)
}

// Staged content opens for the batch it was made for only.
function contentContext(log: Log, edge: TreeEdge): string {
  return `avow/staged-content/v1\n${log.origin}\n${edge.size}`
}
