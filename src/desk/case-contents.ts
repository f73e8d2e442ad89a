import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
import { type CaseSummary, summaryOf } from './read-queue.ts'

/** All of one case as it leaves the server: ciphertext and clear columns. Only a browser with the centre's key reads it. */
export interface CaseContents {
  readonly summary: CaseSummary
  readonly envelopes: readonly SealedEnvelope[]
  readonly draft: string | null
  readonly proposal: SealedProposal | null
}

export interface SealedEnvelope {
  readonly id: string
  readonly epoch: string
  readonly sealedStart: string
  readonly rowIndex: number
  readonly sealed: string
}

export interface SealedProposal {
  readonly kind: 'publish' | 'reject'
  readonly code: string | null
  readonly proposedBy: string
  readonly hash: string
  readonly signature: string
  readonly sealed: string
  readonly returnedCode: string | null
}

export async function readCaseContents(
  { tx }: Pick<DeskRequest, 'tx'>,
  caseId: Uint8Array,
): Promise<CaseContents> {
  const row = await tx
    .selectFrom('avow.case as c')
    .leftJoin('avow.proposal as p', 'p.case_id', 'c.id')
    .select(['c.id', 'line', 'channel', 'language', 'day', 'size_class', 'state', 'c.code'])
    .select(['p.proposed_by', 'p.kind', 'p.returned_code'])
    .where('c.id', '=', caseId)
    .executeTakeFirst()
  if (row === undefined) throw new DeskError('not_found', 'no such case in this centre')
  const envelopes = await tx
    .selectFrom('avow.envelope as e')
    .innerJoin('avow.epoch as p', 'p.id', 'e.epoch')
    .select(['e.id', 'e.epoch', 'p.sealed_start', 'e.row_index', 'e.sealed'])
    .where('e.case_id', '=', caseId)
    .orderBy('e.id')
    .execute()
  const draft = await tx
    .selectFrom('avow.draft')
    .select('sealed')
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  return {
    summary: summaryOf(row),
    envelopes: envelopes.map((envelope) => ({
      id: toHex(envelope.id),
      epoch: toHex(envelope.epoch),
      sealedStart: toBase64(envelope.sealed_start),
      rowIndex: envelope.row_index,
      sealed: toBase64(envelope.sealed),
    })),
    draft: draft === undefined ? null : toBase64(draft.sealed),
    proposal: await readProposal(tx, caseId),
  }
}

async function readProposal(
  tx: DeskRequest['tx'],
  caseId: Uint8Array,
): Promise<SealedProposal | null> {
  const row = await tx
    .selectFrom('avow.proposal')
    .selectAll()
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    kind: row.kind,
    code: row.code,
    proposedBy: row.proposed_by,
    hash: toHex(row.hash),
    signature: row.signature,
    sealed: toBase64(row.sealed),
    returnedCode: row.returned_code,
  }
}
