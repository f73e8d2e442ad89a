import { type RawBuilder, sql } from 'kysely'
import { toHex } from '../encoding/hex.ts'
import { takesEscalated } from './colleagues.ts'
import type { DeskRequest } from './desk-context.ts'
import { COUNT_MAX } from './queue-limits.ts'
import type { CaseState, CaseTable, ProposalTable } from './tables.ts'

export const QUEUE_LISTS = ['waiting', 'to-decide', 'returned', 'mine', 'handed'] as const
export type QueueList = (typeof QUEUE_LISTS)[number]

const PAGE_SIZE = 20
const COUNTED: readonly CaseState[] = ['waiting', 'taken', 'proposed', 'returned', 'approved']

/** The clear columns of a case, and nothing else. */
export interface CaseSummary {
  readonly id: string
  readonly line: string
  readonly channel: string
  readonly language: string
  readonly day: string
  readonly sizeClass: number
  readonly state: CaseState
  readonly proposedBy: string | null
  readonly kind: 'publish' | 'reject' | null
  readonly returnedCode: string | null
  /** Passed on to this volunteer, or upwards with a code. */
  readonly handedTo: string | null
  readonly escalated: string | null
}

export interface QueuePage {
  readonly cases: readonly CaseSummary[]
  /** Where the next page begins; null at the end. */
  readonly next: Cursor | null
}

/** Handed back as it came; `requests.ts` knows its shape. */
export type Cursor = string

/** How many cases stand in each state, counted up to COUNT_MAX; the order makes it walk the index, however the rows lie. */
export async function countCases({ tx, volunteer }: DeskRequest): Promise<Record<string, number>> {
  const counts = COUNTED.map(
    (state) => sql`(SELECT count(*) FROM (SELECT FROM avow."case"
      WHERE centre = ${volunteer.centre} AND state = ${state}
      ORDER BY day LIMIT ${COUNT_MAX}) found) AS ${sql.ref(state)}`,
  )
  const { rows } = await sql<Record<string, number>>`SELECT ${sql.join(counts)}`.execute(tx)
  return rows[0] ?? {}
}

/** One page of one list, oldest day first; within a day the order of ids, which says nothing. */
export async function readQueue(
  { tx, volunteer }: DeskRequest,
  list: Exclude<QueueList, 'waiting'>,
  after: { readonly day: string; readonly id: Uint8Array } | undefined,
): Promise<QueuePage> {
  let query = tx
    .selectFrom('avow.case as c')
    .leftJoin('avow.proposal as p', 'p.case_id', 'c.id')
    .select(['c.id', 'line', 'channel', 'language', 'day', 'size_class', 'state', 'c.code'])
    .select(['c.handed_to', 'c.escalated', 'p.proposed_by', 'p.kind', 'p.returned_code'])
    .where('c.centre', '=', volunteer.centre)
  switch (list) {
    case 'to-decide':
      query = query.where('state', '=', 'proposed').where('p.proposed_by', '<>', volunteer.id)
      break
    case 'returned':
      query = query
        .where('state', '=', 'returned')
        .where('handed_to', 'is', null)
        .where('escalated', 'is', null)
      break
    case 'mine':
      query = query.where('state', '=', 'taken').where('taken_by', '=', volunteer.id)
      break
    case 'handed':
      query = query
        .where('state', 'in', ['waiting', 'returned'])
        // Few rows by two indexes of their own; an OR would walk over everything that waits.
        .where(sql<boolean>`c.id IN (
          SELECT id FROM avow."case" WHERE handed_to = ${volunteer.id} AND centre = ${volunteer.centre}
          UNION ALL SELECT id FROM avow."case" WHERE escalated IS NOT NULL
            AND centre = ${volunteer.centre} AND ${takesEscalated(volunteer)})`)
      break
  }
  query = query.where(notRecused(volunteer.id))
  if (after !== undefined) {
    query = query.where(sql<boolean>`(day, c.id) > (${after.day}::date, ${after.id})`)
  }
  const rows = await query
    .orderBy('day')
    .orderBy('c.id')
    .limit(PAGE_SIZE + 1)
    .execute()
  const cases = rows.slice(0, PAGE_SIZE).map(summaryOf)
  const last = cases.at(-1)
  const next = rows.length > PAGE_SIZE && last !== undefined ? last : undefined
  return { cases, next: next === undefined ? null : `${next.day}.${next.id}` }
}

/** Of the rows of a table called c: what this volunteer has not put away from themselves. */
export function notRecused(volunteer: string): RawBuilder<boolean> {
  return sql<boolean>`NOT EXISTS (SELECT FROM avow.recusal r
    WHERE r.case_id = c.id AND r.volunteer = ${volunteer})`
}

export type SummaryRow = Pick<
  CaseTable,
  | 'id'
  | 'line'
  | 'channel'
  | 'language'
  | 'day'
  | 'size_class'
  | 'state'
  | 'code'
  | 'handed_to'
  | 'escalated'
> & { [K in 'proposed_by' | 'kind' | 'returned_code']: ProposalTable[K] | null }

export function summaryOf(row: SummaryRow): CaseSummary {
  return {
    id: toHex(row.id),
    line: row.line,
    channel: row.channel,
    language: row.language,
    day: row.day,
    sizeClass: row.size_class,
    state: row.state,
    proposedBy: row.proposed_by,
    kind: row.kind,
    // A colleague's code stands in the proposal, the publisher's in the case.
    handedTo: row.handed_to,
    escalated: row.escalated,
    returnedCode: row.returned_code ?? (isInWork(row.state) ? row.code : null),
  }
}

function isInWork(state: CaseState): boolean {
  return state === 'returned' || state === 'taken'
}
