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
  readonly notes: readonly SealedNote[]
}

/** A word from one volunteer to the next, oldest day first. */
export interface SealedNote {
  readonly by: string
  readonly day: string
  readonly sealed: string
}

/** `epoch`: a row that the intake sealed. `age`: a file that its sender sealed to the centre. */
export type SealedEnvelope = { readonly id: string; readonly sealed: string } & (
  | {
      readonly sealing: 'epoch'
      readonly epoch: string
      readonly sealedStart: string
      readonly rowIndex: number
    }
  | { readonly sealing: 'age' }
)

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
    .select(['c.handed_to', 'c.escalated', 'p.proposed_by', 'p.kind', 'p.returned_code'])
    .where('c.id', '=', caseId)
    .executeTakeFirst()
  if (row === undefined) throw new DeskError('not_found', 'no such case in this centre')
  const envelopes = await tx
    .selectFrom('avow.envelope as e')
    .leftJoin('avow.epoch as p', 'p.id', 'e.epoch')
    .select(['e.id', 'e.epoch', 'p.sealed_start', 'e.row_index', 'e.sealed'])
    .where('e.case_id', '=', caseId)
    .orderBy('e.id')
    .execute()
  const draft = await tx
    .selectFrom('avow.draft')
    .select('sealed')
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  const notes = await tx
    .selectFrom('avow.note')
    .select(['volunteer', 'day', 'sealed'])
    .where('case_id', '=', caseId)
    .orderBy('day')
    .orderBy('id')
    .execute()
  return {
    summary: summaryOf(row),
    envelopes: envelopes.map(sealedEnvelope),
    draft: draft === undefined ? null : toBase64(draft.sealed),
    proposal: await readProposal(tx, caseId),
    notes: notes.map(({ volunteer, day, sealed }) => ({
      by: volunteer,
      day,
      sealed: toBase64(sealed),
    })),
  }
}

function sealedEnvelope(row: {
  readonly id: Uint8Array
  readonly epoch: Uint8Array | null
  readonly sealed_start: Uint8Array | null
  readonly row_index: number | null
  readonly sealed: Uint8Array
}): SealedEnvelope {
  const common = { id: toHex(row.id), sealed: toBase64(row.sealed) }
  if (row.epoch === null || row.sealed_start === null || row.row_index === null) {
    return { ...common, sealing: 'age' }
  }
  return {
    ...common,
    sealing: 'epoch',
    epoch: toHex(row.epoch),
    sealedStart: toBase64(row.sealed_start),
    rowIndex: row.row_index,
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
