import type { DeskRequest } from './desk-context.ts'
import { requireInHand } from './take-case.ts'
import { writeAudit } from './write-audit.ts'

/** The sealed proposal of the volunteer who holds the case. The server cannot read it and does not try. */
export interface NewProposal {
  readonly kind: 'publish' | 'reject'
  readonly code: string | null
  readonly hash: Uint8Array
  readonly signature: string
  readonly sealed: Uint8Array
}

/** Hands the case over for the second pair of eyes. A proposal that came back is replaced, its return code with it. */
export async function proposeCase(
  request: DeskRequest,
  caseId: Uint8Array,
  proposal: NewProposal,
): Promise<void> {
  const { tx, volunteer } = request
  await requireInHand(request, caseId)
  const written = {
    ...proposal,
    proposed_by: volunteer.id,
    returned_code: null,
    decided_by: null,
    approved_signature: null,
  }
  await tx
    .insertInto('avow.proposal')
    .values({ case_id: caseId, centre: volunteer.centre, ...written })
    .onConflict((row) => row.column('case_id').doUpdateSet(written))
    .execute()
  await tx.deleteFrom('avow.draft').where('case_id', '=', caseId).execute()
  await tx
    .updateTable('avow.case')
    .set({ state: 'proposed', taken_by: null, code: null })
    .where('id', '=', caseId)
    .execute()
  await writeAudit(request, proposal.kind === 'publish' ? 'propose' : 'propose-rejection', caseId)
}
