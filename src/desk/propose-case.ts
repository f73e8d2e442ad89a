import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
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
    opened: false,
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

/**
 * Takes an own proposal back, while nobody has read it. It waits for its author among the returned cases, since they
 * may hold another by now; the row lock decides between them and somebody who opens it at the same moment.
 */
export async function withdrawProposal(request: DeskRequest, caseId: Uint8Array): Promise<void> {
  const { tx, volunteer } = request
  const found = await tx
    .selectFrom('avow.case as c')
    .innerJoin('avow.proposal as p', 'p.case_id', 'c.id')
    .select(['c.state', 'p.proposed_by', 'p.opened'])
    .where('c.id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (found?.state !== 'proposed') throw new DeskError('case_not_proposed', 'nothing to take back')
  if (found.proposed_by !== volunteer.id) throw new DeskError('not_allowed', 'not their proposal')
  if (found.opened) throw new DeskError('proposal_opened', 'somebody reads it already')
  await tx
    .updateTable('avow.proposal')
    .set({ returned_code: 'taken-back' })
    .where('case_id', '=', caseId)
    .execute()
  await tx
    .updateTable('avow.case')
    .set({ state: 'returned', taken_by: volunteer.id })
    .where('id', '=', caseId)
    .execute()
  await writeAudit(request, 'withdraw-proposal', caseId)
}
