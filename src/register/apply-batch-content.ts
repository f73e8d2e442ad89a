import { fromHex } from '../encoding/hex.ts'
import { closePublishedItems } from './approved-item-store.ts'
import { type BatchContent, parseBatchContent } from './batch-content.ts'
import { applyContentRows } from './content-store.ts'
import { releaseReceipts } from './receipt-fate.ts'
import type { RegisterTransaction } from './tables.ts'

/** `applyBatchContent` of what was staged before a crash. */
export async function applyStagedContent(
  tx: RegisterTransaction,
  bytes: Uint8Array,
): Promise<void> {
  await applyBatchContent(tx, parseBatchContent(bytes))
}

/** Step 7 of the declaration log: staged content becomes rows, and the cases it came from are closed. */
export async function applyBatchContent(
  tx: RegisterTransaction,
  content: BatchContent,
): Promise<void> {
  await applyContentRows(tx, content)
  await releaseReceipts(
    tx,
    content.kept.map(({ lookup }) => lookup),
  )
  if (content.approvals !== null) {
    await tx
      .insertInto('avow.approval_evidence')
      .values({
        first_index: content.first,
        size: content.lines.length,
        root: fromHex(content.approvals.root),
        sealed: Buffer.from(content.approvals.sealed, 'base64'),
      })
      .execute()
  }
  await closePublishedItems(
    tx,
    content.cases.map((caseId) => Buffer.from(caseId, 'hex')),
  )
}
