import { fromBase64 } from '../encoding/base64.ts'
import { fromHex } from '../encoding/hex.ts'
import { closePublishedItems } from './approved-item-store.ts'
import { parseBatchContent } from './batch-content.ts'
import { applyContentRows, type ContentFolders, serveContentFiles } from './content-store.ts'
import type { ContentPublisher } from './sequence.ts'
import type { RegisterDatabase } from './tables.ts'

/** Step 7 of the declaration log: what was staged becomes rows, and the rows become files. */
export function contentPublisher(db: RegisterDatabase, folders: ContentFolders): ContentPublisher {
  return {
    async applyRows(tx, bytes) {
      const content = parseBatchContent(bytes)
      await applyContentRows(tx, content)
      if (content.approvals !== null) {
        await tx
          .insertInto('avow.approval_evidence')
          .values({
            first_index: content.first,
            size: content.lines.length,
            root: fromHex(content.approvals.root),
            sealed: fromBase64(content.approvals.sealed),
          })
          .execute()
      }
      await closePublishedItems(
        tx,
        content.cases.map((caseId) => Buffer.from(caseId, 'hex')),
      )
    },
    serveFiles: (range) => serveContentFiles(db, range, folders),
  }
}
