import type { Directory } from '../sealing/directory-state.ts'
import { reviewsFor } from './colleagues.ts'
import { requireProposed } from './decide-case.ts'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
import { isRecused } from './recusal.ts'
import { putBack, requireInHand } from './take-case.ts'
import { writeAudit } from './write-audit.ts'

/** Gives the case in hand to one colleague of the centre; with what is saved of it, and its notes. */
export async function handOver(
  request: DeskRequest,
  directory: Directory,
  caseId: Uint8Array,
  to: string,
): Promise<void> {
  const { volunteer, tx } = request
  await requireInHand(request, caseId)
  const colleague = directory.volunteers.get(to)
  const isColleague =
    colleague !== undefined && to !== volunteer.id && reviewsFor(volunteer.centre, colleague)
  if (!isColleague || (await isRecused(tx, caseId, to))) {
    throw new DeskError('not_a_colleague', 'nobody who may take it')
  }
  await putBack(request, caseId, { handed_to: to, escalated: null })
  await writeAudit(request, 'hand-over', caseId)
}

/** Keeps the case for the key holders of the centre, and its coordinators who review, with a code of the application's list. */
export async function escalate(
  request: DeskRequest,
  caseId: Uint8Array,
  code: string,
): Promise<void> {
  await requireInHand(request, caseId)
  await putBack(request, caseId, { handed_to: null, escalated: code })
  await writeAudit(request, 'escalate', caseId)
}

/** This volunteer never sees the case again: the one in hand, or one to decide. */
export async function recuse(request: DeskRequest, caseId: Uint8Array): Promise<void> {
  const { tx, volunteer } = request
  const isToDecide = await tx
    .selectFrom('avow.case')
    .select('id')
    .where('id', '=', caseId)
    .where('state', '=', 'proposed')
    .executeTakeFirst()
  if (isToDecide !== undefined) await requireProposed(request, caseId)
  else {
    await requireInHand(request, caseId)
    await putBack(request, caseId, {})
  }
  await tx
    .insertInto('avow.recusal')
    .values({ case_id: caseId, centre: volunteer.centre, volunteer: volunteer.id })
    .onConflict((row) => row.doNothing())
    .execute()
  await writeAudit(request, 'recuse', caseId)
}

/** A sealed word to whoever has the case next, from whoever holds it or is to decide on it. */
export async function addNote(
  request: DeskRequest,
  caseId: Uint8Array,
  sealed: Uint8Array,
): Promise<void> {
  const { tx, volunteer, day, random } = request
  const inHand = await tx
    .selectFrom('avow.case')
    .select('state')
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (inHand?.state === 'proposed') await requireProposed(request, caseId)
  else await requireInHand(request, caseId)
  await tx
    .insertInto('avow.note')
    .values({
      id: random(16),
      case_id: caseId,
      centre: volunteer.centre,
      volunteer: volunteer.id,
      day,
      sealed,
    })
    .execute()
  await writeAudit(request, 'note', caseId)
}
