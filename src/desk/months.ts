import { sql } from 'kysely'
import { CentresError } from '../centres/error.ts'
import { lastDayOfUse, openMonths } from '../sealing/directory-months.ts'
import { type Directory, keyHoldersOf } from '../sealing/directory-state.ts'
import type { DeskRequest } from './desk-context.ts'
import { setCentre } from './release-cases.ts'

/** One month of one centre's keys, for the people who keep them. */
export interface MonthSummary {
  readonly centre: string
  readonly month: string
  /** The last day on which its key can have been used; null while it is the newest. */
  readonly lastDay: string | null
  /** What may be sealed to it and is not finished. */
  readonly unfinished: number
}

/** A centre whose older months are closed, and how many sealed keyrings were not sealed again since. */
export interface ClosedMonths {
  readonly centre: string
  readonly through: string
  readonly keyrings: number
}

/** Cases are counted no further: an open month is an open month. */
const COUNT_MAX = 1000

export async function listMonths(
  request: DeskRequest,
  { centres }: Directory,
): Promise<readonly MonthSummary[]> {
  const { volunteer } = request
  const seesAll = volunteer.roles.includes('key-holder')
  const months: MonthSummary[] = []
  for (const [centre, keys] of centres) {
    if (!seesAll && centre !== volunteer.centre) continue
    for (const month of openMonths(keys)) {
      const lastDay = lastDayOfUse(keys, month) ?? null
      const unfinished = await countUnfinished(request, centre, lastDay ?? '9999-12-31')
      months.push({ centre, month, lastDay, unfinished })
    }
  }
  return months
}

/** Whoever may hold a centre's keys and has not unlocked since its months were closed has them in their file still. */
export async function listClosedMonths(
  { tx, volunteer }: DeskRequest,
  directory: Directory,
): Promise<readonly ClosedMonths[]> {
  const holders = keyHoldersOf(directory).map(({ id }) => id)
  const seesAll = volunteer.roles.includes('key-holder')
  const closed: ClosedMonths[] = []
  for (const [centre, { closedThrough, closedAt }] of directory.centres) {
    if (closedThrough === '-' || (!seesAll && centre !== volunteer.centre)) continue
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::integer AS count FROM avow.account
      WHERE keyring_at <= ${closedAt}
        AND (centre = ${centre} OR volunteer = ANY(${holders}::text[]))`.execute(tx)
    closed.push({ centre, through: closedThrough, keyrings: rows[0]?.count ?? 0 })
  }
  return closed
}

/** Throws `month_in_use` while anything that may be sealed to the month's key, or to one before it, is unfinished. */
export async function requireMonthFinished(
  request: DeskRequest,
  { centres }: Directory,
  { centre, month }: { readonly centre: string; readonly month: string },
): Promise<void> {
  const keys = centres.get(centre)
  const lastDay = keys === undefined ? undefined : lastDayOfUse(keys, month)
  if (lastDay === undefined || (await countUnfinished(request, centre, lastDay)) > 0) {
    throw new CentresError('month_in_use', 'something of that month is not finished')
  }
}

/**
 * What came in up to that day and has not ended. A draft or proposal is sealed on the day of its case or later, so
 * whatever is sealed to a key hangs on a case of its time or older.
 */
async function countUnfinished(
  { tx, volunteer }: DeskRequest,
  centre: string,
  lastDay: string,
): Promise<number> {
  await setCentre(tx, centre)
  const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count FROM (
    SELECT FROM avow."case" WHERE centre = ${centre} AND day <= ${lastDay}
      AND state NOT IN ('published', 'rejected', 'withdrawn-before')
    UNION ALL
    SELECT FROM avow.envelope WHERE centre = ${centre} AND day <= ${lastDay} AND case_id IS NULL
    LIMIT ${COUNT_MAX}) unfinished`.execute(tx)
  await setCentre(tx, volunteer.centre)
  return rows[0]?.count ?? 0
}
