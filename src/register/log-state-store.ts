import { sql } from 'kysely'
import { utf8 } from '../encoding/bytes.ts'
import { edgeRoot, emptyEdge, encodeEdge, parseEdge, type TreeEdge } from '../tlog/edge.ts'
import { emptyRoot, type Sha256, type TreeHash, treeHash } from '../tlog/hash.ts'
import { RegisterError } from './error.ts'
import type { Log } from './log.ts'
import type { LogId } from './log-keys.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** What the database says of one log. Indices below `edge.size` are assigned, below `publishedSize` public. */
export type LogState = {
  readonly edge: TreeEdge
  readonly root: TreeHash
  readonly lastDay: string
  readonly signedSize: number
  /** The newest note that may have left this process: no other note of its size may ever be made. */
  readonly signedNote: Uint8Array
  /** Whether the note has been to the witnesses and may be published as it is. */
  readonly isCosigned: boolean
  readonly publishedSize: number
}

/** Entries that have indices and are not published yet, and the tree as it was before them. */
export type StagedBatch = {
  readonly edgeBefore: TreeEdge
  /** An entry list, packed. */
  readonly entries: Uint8Array
  readonly sealedContent: Uint8Array | null
}

/** Size -1 is signed and published before the first checkpoint, the one of the empty log. */
const NOTHING_YET = -1

export async function insertEmptyLog(
  tx: RegisterTransaction,
  log: Log,
  sha256: Sha256,
): Promise<void> {
  await tx
    .insertInto('avow.log_state')
    .values({
      log: log.id,
      origin: log.origin,
      size: 0,
      root: emptyRoot(sha256),
      edge: encodeEdge(emptyEdge()),
      last_day: '1970-01-01',
      signed_size: NOTHING_YET,
      signed_note: '',
      published_size: NOTHING_YET,
    })
    .execute()
}

/** Undefined before the first start. Throws `bad_state` for an edge that does not hash to the root beside it. */
export async function findLogState(
  db: RegisterDatabase,
  log: Log,
  sha256: Sha256,
): Promise<LogState | undefined> {
  const row = await db
    .selectFrom('avow.log_state')
    .selectAll()
    .where('log', '=', log.id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  if (row.origin !== log.origin) {
    throw new RegisterError('wrong_origin', `the database holds the log ${row.origin}`)
  }
  const edge = parseEdge(row.edge)
  if (edge.size !== row.size || Buffer.compare(edgeRoot(edge, sha256), row.root) !== 0) {
    throw new RegisterError('bad_state', `edge and root of ${log.id} do not belong together`)
  }
  return {
    edge,
    root: treeHash(new Uint8Array(row.root)),
    lastDay: row.last_day,
    signedSize: row.signed_size,
    signedNote: utf8(row.signed_note),
    isCosigned: row.cosigned,
    publishedSize: row.published_size,
  }
}

/** Compare-and-swap on the previous size and root: indices are given once, whoever else is running. */
export async function moveLogState(
  tx: RegisterTransaction,
  log: LogId,
  before: { readonly size: number; readonly root: TreeHash },
  after: { readonly edge: TreeEdge; readonly root: TreeHash; readonly lastDay: string },
): Promise<void> {
  const moved = await tx
    .updateTable('avow.log_state')
    .set({
      size: after.edge.size,
      root: after.root,
      edge: encodeEdge(after.edge),
      last_day: after.lastDay,
    })
    .where('log', '=', log)
    .where('size', '=', before.size)
    .where('root', '=', before.root)
    .executeTakeFirst()
  if (moved.numUpdatedRows !== 1n) {
    throw new RegisterError('state_moved', `somebody else appended to ${log}`)
  }
}

export async function insertStagedBatch(
  tx: RegisterTransaction,
  log: LogId,
  batch: StagedBatch,
): Promise<void> {
  await tx
    .insertInto('avow.staged_batch')
    .values({
      log,
      edge_before: encodeEdge(batch.edgeBefore),
      entries: batch.entries,
      sealed_content: batch.sealedContent,
    })
    .execute()
}

export async function findStagedBatch(
  db: RegisterDatabase,
  log: LogId,
): Promise<StagedBatch | undefined> {
  const row = await db
    .selectFrom('avow.staged_batch')
    .selectAll()
    .where('log', '=', log)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    edgeBefore: parseEdge(row.edge_before),
    entries: row.entries,
    sealedContent: row.sealed_content,
  }
}

/** Before the signature leaves the process. Compare-and-swap: two notes of one log never race for one size. */
export async function recordSigned(
  db: RegisterDatabase,
  log: LogId,
  previousSize: number,
  signed: { readonly size: number; readonly note: string },
): Promise<void> {
  const recorded = await db
    .updateTable('avow.log_state')
    .set({ signed_size: signed.size, signed_note: signed.note, cosigned: false })
    .where('log', '=', log)
    .where('signed_size', '=', previousSize)
    .executeTakeFirst()
  if (recorded.numUpdatedRows !== 1n) {
    throw new RegisterError('state_moved', `somebody else signed for ${log}`)
  }
}

/** Before it is served: a restart publishes this very note, so that no size has two in the archive. */
export async function recordCosigned(
  db: RegisterDatabase,
  log: LogId,
  signed: { readonly size: number; readonly note: string },
): Promise<void> {
  await db
    .updateTable('avow.log_state')
    .set({ signed_note: signed.note, cosigned: true })
    .where('log', '=', log)
    .where('signed_size', '=', signed.size)
    .execute()
}

/** The end of step 7: the batch is public, and nothing is staged any more. */
export async function recordPublished(
  db: RegisterDatabase,
  log: LogId,
  size: number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('avow.log_state')
      .set({ published_size: size })
      .where('log', '=', log)
      .execute()
    await tx.deleteFrom('avow.staged_batch').where('log', '=', log).execute()
  })
}

/** The content rows are in place; from here on a restart needs the staged content no more. */
export async function forgetStagedContent(tx: RegisterTransaction, log: LogId): Promise<void> {
  await sql`UPDATE avow.staged_batch SET sealed_content = NULL WHERE log = ${log}`.execute(tx)
}
