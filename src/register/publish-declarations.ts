import type { IndexRange } from '../declaration/event-lines.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { commitApprovals, sealApprovals } from './approval-evidence.ts'
import { markItemsStaged } from './approved-item-store.ts'
import { encodeBatchContent } from './batch-content.ts'
import { queueEvents, type WaitingEvent } from './event-queue.ts'
import { foldBatch, foldKeys } from './fold-batch.ts'
import { addGroupCounts, loadGroupCounts } from './group-store.ts'
import type { Log } from './log.ts'
import type { LogState } from './log-state-store.ts'
import type { ReviewedItem } from './reviewed-item.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { addToTally, countParts } from './tally-store.ts'
import { shuffleDeclarations, writeBatch } from './write-batch.ts'

export type DeclarationDeps = SequencingDeps & {
  readonly formHash: string
  readonly minimumGroup: number
  /** Who may be asked to show approvals, as age recipients. */
  readonly auditors: readonly string[]
}

/** What else to log of a batch once its range is known. */
export type BatchEvents = (range: IndexRange) => readonly WaitingEvent[]

/** Step 1, then the rest: a shuffled batch of reviewed items becomes leaves, content and a waiting `batch` event. */
export async function publishDeclarations(
  log: Log,
  state: LogState,
  batch: {
    readonly items: readonly ReviewedItem[]
    readonly day: string
    readonly events: BatchEvents
  },
  deps: DeclarationDeps,
): Promise<LogState> {
  const { items, day } = batch
  const form = fromHex(deps.formHash)
  const first = state.edge.size
  const ordered = shuffleDeclarations(items, deps.random)
  const declarations = ordered.map(({ declaration }) => declaration)
  const visible = await loadGroupCounts(deps.db, form, foldKeys(declarations))
  const { levels, added } = foldBatch(declarations, visible, deps.minimumGroup)
  const written = writeBatch(ordered, levels, { first, day })
  const approvals = ordered.map(({ item }) => item.approval)
  const evidence = commitApprovals(first, approvals, deps.random(32), deps.sha256)
  const content = encodeBatchContent({
    first,
    lines: written.lines,
    texts: written.texts,
    kept: written.kept,
    cases: items.map(({ caseId }) => toHex(caseId)),
    approvals: {
      root: toHex(evidence.root),
      sealed: toBase64(await sealApprovals(evidence.opening, deps.auditors)),
    },
  })
  const range = { first, end: first + ordered.length }
  const batchEvent: WaitingEvent = {
    type: 'batch',
    range,
    statements: sum(items.map(({ statements }) => statements)),
    claimed: sum(items.map(({ claimed }) => claimed)),
    approvals: toHex(evidence.root),
  }
  return sequence(
    log,
    state,
    {
      day,
      entries: written.entries,
      content,
      async alongside(tx) {
        await markItemsStaged(
          tx,
          items.map(({ caseId }) => caseId),
        )
        await addGroupCounts(tx, form, added)
        await addToTally(tx, countParts(written.leaves))
        await queueEvents(tx, [batchEvent, ...batch.events(range)], deps.random)
      },
    },
    deps,
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
