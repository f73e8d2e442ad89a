import { type Kysely, sql } from 'kysely'
import { parseLeaf } from '../declaration/leaf.ts'
import type { ActView } from '../declaration/possible-acts.ts'
import { toHex } from '../encoding/hex.ts'
import { RECEIPT_STATES, type ReceiptView } from './receipt-state.ts'
import type { IntakeTables } from './tables.ts'

interface ViewRow {
  readonly state: string
  readonly code: string | null
  readonly idx: number | null
  readonly leaf: Uint8Array | null
  readonly leaf_hash: Uint8Array | null
  readonly seq: number
  readonly withdrawn: boolean
  readonly confirmed: boolean
  readonly pending: number
  readonly kept: Uint8Array | null
  readonly refused: string | null
}

/** One query for every receipt, known or not. The function runs as its owner and answers one hash. */
export async function receiptView(
  db: Kysely<IntakeTables>,
  lookupHash: Uint8Array,
): Promise<ReceiptView> {
  const { rows } = await sql<ViewRow>`SELECT * FROM avow.receipt_view(${lookupHash})`.execute(db)
  const [row] = rows
  const state = RECEIPT_STATES.find((known) => known === row?.state)
  if (row === undefined || state === undefined) throw new TypeError('an unknown receipt state')
  const { code, kept, refused } = row
  return { state, code, entry: entryOf(row), kept, refused }
}

function entryOf(row: ViewRow): ActView | null {
  const { idx, leaf, leaf_hash, seq, pending, withdrawn, confirmed } = row
  if (idx === null || leaf === null || leaf_hash === null) return null
  return {
    index: idx,
    leaf: parseLeaf(leaf),
    leafHash: toHex(leaf_hash),
    seq: seq + pending,
    waiting: pending,
    withdrawn,
    confirmed,
  }
}
