import { sql } from 'kysely'
import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import { requireCurrentRecipient } from './decide-case.ts'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
import { writeAudit } from './write-audit.ts'

/** One browser re-seals so many in one go; the next minute, or the next browser, does more. */
const BATCH_SIZE = 10

/** An approved item whose publisher key is gone: all that is needed to make it again, approvals included. */
export interface ItemToReseal {
  readonly caseId: string
  readonly sealedProposal: string
  readonly hash: string
  readonly proposedBy: string
  readonly proposedSignature: string
  readonly approvedBy: string
  readonly approvedSignature: string
}

export async function listItemsToReseal({ tx }: DeskRequest): Promise<readonly ItemToReseal[]> {
  const rows = await tx
    .selectFrom('avow.waiting_item as w')
    .innerJoin('avow.proposal as p', 'p.case_id', 'w.case_id')
    .select(['w.case_id', 'p.sealed', 'p.hash', 'p.proposed_by', 'p.signature'])
    .select(['p.decided_by', 'p.approved_signature'])
    .where('p.approved_signature', 'is not', null)
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM avow.publisher_recipient r
        WHERE r.recipient_hash = w.recipient_hash AND r.current)`,
    )
    .limit(BATCH_SIZE)
    .execute()
  return rows.map((row) => ({
    caseId: toHex(row.case_id),
    sealedProposal: toBase64(row.sealed),
    hash: toHex(row.hash),
    proposedBy: row.proposed_by,
    proposedSignature: row.signature,
    approvedBy: row.decided_by ?? '',
    approvedSignature: row.approved_signature ?? '',
  }))
}

export async function replaceSealedItem(
  request: DeskRequest,
  caseId: Uint8Array,
  item: { readonly sealed: Uint8Array; readonly recipientHash: Uint8Array },
): Promise<void> {
  await requireCurrentRecipient(request.tx, item.recipientHash)
  const { rows } = await sql<{ done: boolean | null }>`
    SELECT avow.reseal_item(${caseId}, ${item.recipientHash}, ${item.sealed}) AS done`.execute(
    request.tx,
  )
  if (rows[0]?.done !== true) throw new DeskError('case_gone', 'nothing waits for this case')
  await writeAudit(request, 'reseal', caseId)
}

export interface PublisherRecipient {
  readonly note: string
  readonly recipientHash: string
}

/** The note is signed by the log's key; whoever seals to it checks that against the directory. */
export async function readPublisherRecipient({ tx }: DeskRequest): Promise<PublisherRecipient> {
  const row = await tx
    .selectFrom('avow.publisher_recipient')
    .select(['note', 'recipient_hash'])
    .where('current', '=', true)
    .executeTakeFirst()
  if (row === undefined) throw new DeskError('no_recipient', 'the publisher is not running yet')
  return { note: row.note, recipientHash: toHex(row.recipient_hash) }
}
