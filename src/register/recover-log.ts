import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { edgeRoot } from '../tlog/edge.ts'
import type { Policy } from '../tlog/policy.ts'
import { openNote } from '../tlog/signed-note.ts'
import { assignBatch } from './batch-files.ts'
import { findFile, writeDurably } from './durable-files.ts'
import { parseEntryList } from './entry-list.ts'
import { RegisterError } from './error.ts'
import { archivePath, checkpointPath, type Log } from './log.ts'
import { findLogState, findStagedBatch, type LogState } from './log-state-store.ts'
import { unpackBytes } from './packed-bytes.ts'
import { finishBatch, openStagedContent, type SequencingDeps } from './sequence.ts'
import type { RegisterTransaction } from './tables.ts'
import { verifyServed } from './verify-served.ts'

export type RecoveryDeps = SequencingDeps & {
  readonly policy: Policy
  readonly publicFolder: string
  /** Throws the alarms `witness_ahead` and `witness_contradicts`. */
  readonly compareWithWitnesses: (log: Log, note: Uint8Array) => Promise<void>
}

/**
 * At start, before anything is accepted: what is served must be what the database says was published, byte for byte
 * as far as `verifyServed` looks, and a batch that has indices is finished. Refuses with a code of its own for each
 * way in which files and database can have parted.
 */
export async function recoverLog(log: Log, deps: RecoveryDeps): Promise<LogState> {
  const state = await findLogState(deps.db, log, deps.sha256)
  if (state === undefined) throw new RegisterError('bad_state', `no state of ${log.id}`)
  // Equal or behind, they cosign the note again; ahead of us, they know what our database has lost.
  if (state.signedSize >= 0) await deps.compareWithWitnesses(log, state.signedNote)
  const staged = await findStagedBatch(deps.db, log.id)
  if (staged === undefined && Math.max(state.publishedSize, 0) !== state.edge.size) {
    throw new RegisterError('bad_state', `${log.id} has indices without entries`)
  }
  const before = staged?.edgeBefore ?? state.edge
  const served = await readServedCheckpoint(log, deps.policy)
  requireSameHistory(log, served, state, edgeRoot(before, deps.sha256))
  if (served !== undefined) {
    const folder = `log/${log.id}`
    const tree = { folder, signedIn: `${folder}/checkpoint`, maxEntryBytes: 0xffff, ...served }
    await verifyServed(tree, deps.publicFolder, deps.sha256)
    await restoreArchive(log, deps.policy, served)
  }
  if (staged === undefined) return state
  const batch = assignBatch(before, parseEntryList(await unpackBytes(staged.entries)), deps.sha256)
  const content = await openStagedContent(log, batch.edge, staged.sealedContent, deps)
  const step = {
    apply: (tx: RegisterTransaction) =>
      content === null ? Promise.resolve() : deps.applyContent(tx, content),
    // The files follow from the rows, with the pair.
    prepare: async () => {},
  }
  return finishBatch(log, state, batch, content === null ? null : step, deps)
}

type ServedCheckpoint = Checkpoint & { readonly note: Uint8Array }

async function readServedCheckpoint(
  log: Log,
  policy: Policy,
): Promise<ServedCheckpoint | undefined> {
  const note = await findFile(checkpointPath(log))
  if (note === undefined) return undefined
  const checkpoint = openOwnNote(log, policy, note)
  if (checkpoint.origin === log.origin) return { ...checkpoint, note }
  throw new RegisterError('wrong_origin', `another log is served as ${log.id}`)
}

/**
 * A note that this log signed and whose known witnesses signed it too. Not whether today's quorum holds: a note that was
 * published under yesterday's policy stays ours when more witnesses are asked for from now on.
 */
function openOwnNote(log: Log, policy: Policy, note: Uint8Array): Checkpoint {
  const { key } = log.signer
  try {
    const keys = [key, ...policy.witnesses.map((witness) => witness.key)]
    const { text, verified } = openNote(note, keys)
    if (verified.some((signature) => signature.key === key)) return parseCheckpoint(text)
  } catch (cause) {
    throw new RegisterError('wrong_key', `a note of ${log.id} is not signed by us`, cause)
  }
  throw new RegisterError('wrong_key', `a note of ${log.id} is not signed by us`)
}

/**
 * Served is the published size, or already the assigned one when the crash came between the checkpoint's rename and
 * its record in the database.
 */
function requireSameHistory(
  log: Log,
  served: ServedCheckpoint | undefined,
  state: LogState,
  rootBefore: Uint8Array,
): void {
  const { size } = state.edge
  if (served === undefined) {
    if (state.publishedSize < 0) return
    throw new RegisterError('store_older', `nothing is served of ${log.id}, restore its files`)
  }
  if (served.size > size) {
    throw new RegisterError(
      'store_newer',
      `${log.id} serves ${served.size} entries, the database knows ${size}: restore a newer one`,
    )
  }
  if (served.size !== size && served.size !== state.publishedSize) {
    throw new RegisterError(
      'store_older',
      `${log.id} serves ${served.size} entries of ${state.publishedSize} that were published`,
    )
  }
  const root = served.size === size ? state.root : rootBefore
  if (Buffer.compare(served.root, root) !== 0) {
    throw new RegisterError('hash_mismatch', `${log.id} serves another tree of ${served.size}`)
  }
}

/** The archive copy is written after the checkpoint; a crash between the two is made good here. */
async function restoreArchive(
  log: Log,
  policy: Policy,
  { size, root, note }: ServedCheckpoint,
): Promise<void> {
  const path = archivePath(log, size)
  const known = await findFile(path)
  if (known === undefined) return writeDurably([{ path, bytes: note }], log.scratch)
  // Cosigned again each day, the served note has newer lines than the archived one, and says the same.
  const archived = openOwnNote(log, policy, known)
  if (archived.size !== size || Buffer.compare(archived.root, root) !== 0) {
    throw new RegisterError('file_differs', `the archived note of ${size} is another one`)
  }
}
