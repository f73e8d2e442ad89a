import { sql } from 'kysely'
import type { DeskRequest } from './desk-context.ts'

/** Whoever took a case and did not open it again for so many days has left it lying. */
const FORGOTTEN_AFTER_DAYS = 3

const BACK = sql`state = CASE WHEN EXISTS (SELECT FROM avow.proposal p WHERE p.case_id = c.id)
  THEN 'returned' ELSE 'waiting' END, taken_by = NULL`

/** Puts forgotten cases back for everybody, their sealed drafts with them, so that a lost laptop holds up nobody's statement. */
export async function releaseForgottenCases({ tx, volunteer, day }: DeskRequest): Promise<void> {
  await sql`UPDATE avow."case" c SET ${BACK}
    WHERE c.centre = ${volunteer.centre} AND c.state = 'taken' AND NOT EXISTS (
      SELECT FROM avow.audit a WHERE a.case_id = c.id AND a.act = 'take'
        AND a.day > ${day}::date - ${FORGOTTEN_AFTER_DAYS}::integer)`.execute(tx)
  await sql`UPDATE avow."case" c SET handed_to = NULL
    WHERE c.centre = ${volunteer.centre} AND c.handed_to IS NOT NULL AND NOT EXISTS (
      SELECT FROM avow.audit a WHERE a.case_id = c.id AND a.act = 'hand-over'
        AND a.day > ${day}::date - ${FORGOTTEN_AFTER_DAYS}::integer)`.execute(tx)
}

/** Puts back what somebody held who has left the directory, in whichever centre they were. */
export async function releaseCasesOf(
  { tx, volunteer }: DeskRequest,
  leaver: { readonly id: string; readonly centre: string },
): Promise<void> {
  await setCentre(tx, leaver.centre)
  await sql`UPDATE avow."case" c SET ${BACK}
    WHERE c.centre = ${leaver.centre} AND c.state = 'taken' AND c.taken_by = ${leaver.id}`.execute(
    tx,
  )
  await sql`UPDATE avow."case" SET handed_to = NULL
    WHERE centre = ${leaver.centre} AND handed_to = ${leaver.id}`.execute(tx)
  await setCentre(tx, volunteer.centre)
}

export async function setCentre(tx: DeskRequest['tx'], centre: string): Promise<void> {
  await sql`SELECT set_config('avow.centre', ${centre}, true)`.execute(tx)
}
