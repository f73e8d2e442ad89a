import { type Kysely, sql } from 'kysely'
import type { IntakeTables } from './tables.ts'

export const RECEIPT_STATES = [
  'unknown',
  'waiting',
  'taken',
  'proposed',
  'returned',
  'approved',
  'published',
  'rejected',
  'withdrawn-before',
] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

export interface ReceiptStatus {
  readonly state: ReceiptState
  /** The reviewer's reason by its code in the form definition. */
  readonly code: string | null
  /** Where the declaration stands in the log, once it does. */
  readonly index: number | null
}

/** One query for every receipt, known or not. The function runs as its owner and answers one hash. */
export async function receiptStatus(
  db: Kysely<IntakeTables>,
  lookupHash: Uint8Array,
): Promise<ReceiptStatus> {
  const { rows } = await sql<{ state: string; code: string | null; idx: number | null }>`
    SELECT state, code, idx FROM avow.receipt_status(${lookupHash})`.execute(db)
  const [row] = rows
  const state = RECEIPT_STATES.find((known) => known === row?.state)
  if (row === undefined || state === undefined) throw new TypeError('an unknown receipt state')
  return { state, code: row.code, index: row.idx }
}
