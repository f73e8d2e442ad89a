import type { IndexRange } from '../declaration/event-lines.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { applyBatchContent } from './apply-batch-content.ts'
import { commitApprovals, sealApprovals } from './approval-evidence.ts'
import { markItemsStaged } from './approved-item-store.ts'
import { type BatchContent, encodeBatchContent } from './batch-content.ts'
import { type ContentFolders, type PreparedContent, prepareContentFiles } from './content-store.ts'
import { queueEvents, type WaitingEvent } from './event-queue.ts'
import { foldBatch, foldKeys } from './fold-batch.ts'
import { addGroupCounts, loadGroupCounts } from './group-store.ts'
import { markImported } from './import-item-store.ts'
import { takeKeptOut } from './kept-out-store.ts'
import type { Log } from './log.ts'
import type { LogState } from './log-state-store.ts'
import { stageReceipts } from './receipt-fate.ts'
import type { ReviewedItem } from './reviewed-item.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { addToTally, countParts } from './tally-store.ts'
import { type OrderedDeclaration, shuffleDeclarations, writeBatch } from './write-batch.ts'

export type DeclarationDeps = SequencingDeps &
  ContentFolders & {
    readonly register: string
    readonly formHash: string
    readonly minimumGroup: number
  }

/** On whose word a batch stands; its event says so. */
export type BatchAuthority =
  /** Two volunteers a case; `auditors` are the age recipients of those who may be asked to show it. */
  | { readonly kind: 'approvals'; readonly auditors: readonly string[] }
  /** Two key holders for a whole archive. */
  | {
      readonly kind: 'manifest'
      readonly manifest: string
      readonly file: string
      /** Statements of this batch that speak for more persons than they name. */
      readonly mismatches: number
    }

/** Step 1, then the rest: a shuffled batch of reviewed items becomes leaves, content and the event that covers them. */
export async function publishDeclarations(
  log: Log,
  state: LogState,
  batch: {
    readonly items: readonly ReviewedItem[]
    readonly day: string
    readonly authority: BatchAuthority
  },
  deps: DeclarationDeps,
): Promise<PublishedDeclarations> {
  const { items, day } = batch
  const form = fromHex(deps.formHash)
  const first = state.edge.size
  const ordered = shuffleDeclarations(items, deps.random)
  const declarations = ordered.map(({ declaration }) => declaration)
  const visible = await loadGroupCounts(deps.db, form, foldKeys(declarations))
  const { levels, added } = foldBatch(declarations, visible, deps.minimumGroup)
  const { leaves, entries, lines, texts, kept } = writeBatch(ordered, levels, { first, day })
  const approvals = await approvalsOf(first, ordered, batch.authority, deps)
  const cases = items.map(({ caseId }) => toHex(caseId))
  const range = { first, end: first + ordered.length }
  const content = { first, lines, texts, kept, cases, approvals }
  let prepared: PreparedContent | undefined
  const published = await sequence(
    log,
    state,
    {
      day,
      entries,
      content: {
        bytes: encodeBatchContent(content),
        apply: (tx) => applyBatchContent(tx, content),
        async prepare() {
          prepared = await prepareContentFiles(content, deps)
        },
      },
      async alongside(tx) {
        await markItemsStaged(
          tx,
          items.map(({ caseId }) => caseId),
        )
        await markImported(
          tx,
          items.flatMap(({ importKeys }) => importKeys),
        )
        await stageReceipts(
          tx,
          kept.map(({ lookup }) => lookup),
        )
        await addGroupCounts(tx, form, added)
        await addToTally(tx, countParts(leaves))
        const keptOut = await takeKeptOut(
          tx,
          items.flatMap((item) => item.keptOut),
          day,
        )
        const covering = coveringEvent(range, items, batch.authority, approvals)
        await queueEvents(tx, [covering, ...keptOut], deps.random)
      },
    },
    deps,
  )
  return { state: published, prepared }
}

export type PublishedDeclarations = {
  readonly state: LogState
  /** Content files that only want their names, which they get with the pair. */
  readonly prepared: PreparedContent | undefined
}

async function approvalsOf(
  first: number,
  ordered: readonly OrderedDeclaration[],
  authority: BatchAuthority,
  { random, sha256, register }: DeclarationDeps,
): Promise<BatchContent['approvals']> {
  if (authority.kind === 'manifest') return null
  const place = { register, first }
  const { root, opening } = commitApprovals(place, ordered, random(32), sha256)
  const sealed = await sealApprovals(opening, authority.auditors)
  // Megabytes of our own: the platform's encoder takes a hundredth of the portable one's time.
  return { root: toHex(root), sealed: Buffer.from(sealed).toString('base64') }
}

function coveringEvent(
  range: IndexRange,
  items: readonly ReviewedItem[],
  authority: BatchAuthority,
  approvals: BatchContent['approvals'],
): WaitingEvent {
  const statements = sum(items.map((item) => item.statements))
  const claimed = sum(items.map((item) => item.claimed))
  if (authority.kind === 'manifest') {
    const { manifest, file, mismatches } = authority
    return { type: 'import', range, file, manifest, rows: statements, mismatches, claimed }
  }
  return { type: 'batch', range, statements, claimed, approvals: approvals?.root ?? '' }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
