import { type CaseContents, readCaseContents } from './case-contents.ts'
import { takesEscalated } from './colleagues.ts'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
import { requireNotRecused } from './recusal.ts'
import type { CaseTable } from './tables.ts'
import { writeAudit } from './write-audit.ts'

/**
 * Takes a case that waits or came back, or opens again the one in hand. Of two who take it at once one wins,
 * the other gets `case_gone`; a second case in hand breaks a unique index (`isCaseInHand`).
 */
export async function takeCase(request: DeskRequest, caseId: Uint8Array): Promise<CaseContents> {
  const { tx, volunteer } = request
  await requireNotRecused(request, caseId)
  const taken = await tx
    .updateTable('avow.case')
    .set({ state: 'taken', taken_by: volunteer.id, handed_to: null, escalated: null })
    .where('id', '=', caseId)
    .where((of) =>
      of.or([
        of.and([
          of('state', 'in', ['waiting', 'returned']),
          of.or([of('handed_to', 'is', null), of('handed_to', '=', volunteer.id)]),
          ...(takesEscalated(volunteer) ? [] : [of('escalated', 'is', null)]),
        ]),
        of.and([of('state', '=', 'taken'), of('taken_by', '=', volunteer.id)]),
      ]),
    )
    .executeTakeFirst()
  if (taken.numUpdatedRows !== 1n) throw new DeskError('case_gone', 'taken, decided or unknown')
  await writeAudit(request, 'take', caseId)
  return readCaseContents(request, caseId)
}

/** PostgreSQL's word for "this volunteer has a case in hand already". */
export function isCaseInHand(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'case_in_hand'
}

/** Puts the case back for anybody. The sealed draft stays with it, so that nobody starts again. */
export async function releaseCase(request: DeskRequest, caseId: Uint8Array): Promise<void> {
  await requireInHand(request, caseId)
  await putBack(request, caseId, {})
  await writeAudit(request, 'release', caseId)
}

/** Out of these hands, for whom `to` says, or for everybody. */
export async function putBack(
  { tx }: Pick<DeskRequest, 'tx'>,
  caseId: Uint8Array,
  to: Partial<Pick<CaseTable, 'handed_to' | 'escalated'>>,
): Promise<void> {
  const returned = await tx
    .selectFrom('avow.proposal')
    .select('case_id')
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  await tx
    .updateTable('avow.case')
    .set({ state: returned === undefined ? 'waiting' : 'returned', taken_by: null, ...to })
    .where('id', '=', caseId)
    .execute()
}

export async function saveDraft(
  request: DeskRequest,
  caseId: Uint8Array,
  sealed: Uint8Array,
): Promise<void> {
  const { tx, volunteer } = request
  await requireInHand(request, caseId)
  await tx
    .insertInto('avow.draft')
    .values({ case_id: caseId, centre: volunteer.centre, volunteer: volunteer.id, sealed })
    .onConflict((row) => row.column('case_id').doUpdateSet({ volunteer: volunteer.id, sealed }))
    .execute()
}

/** Locks the case for this transaction. Throws `case_not_yours` unless this volunteer holds it. */
export async function requireInHand(
  { tx, volunteer }: Pick<DeskRequest, 'tx' | 'volunteer'>,
  caseId: Uint8Array,
): Promise<void> {
  const row = await tx
    .selectFrom('avow.case')
    .select(['state', 'taken_by'])
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (row?.state !== 'taken' || row.taken_by !== volunteer.id) {
    throw new DeskError('case_not_yours', 'the case is not in this volunteer’s hands')
  }
}
