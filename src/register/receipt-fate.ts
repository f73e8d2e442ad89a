import { sql } from 'kysely'
import { fromHex } from '../encoding/hex.ts'
import { RegisterError } from './error.ts'
import type { ReviewedItem } from './reviewed-item.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** Leaves out who withdrew since two people approved: the others of each case go as they were approved. */
export async function leaveOutWithdrawn(
  db: RegisterDatabase,
  items: readonly ReviewedItem[],
): Promise<ReviewedItem[]> {
  const lookups = items.flatMap(({ declarations }) =>
    declarations.flatMap(({ kept }) => kept?.lookup ?? []),
  )
  if (lookups.length === 0) return [...items]
  const { rows } = await sql<{ lookup: string }>`
    SELECT encode(lookup_hash, 'hex') AS lookup FROM avow.receipt_fate
    WHERE fate = 'withdrawn' AND lookup_hash = ANY(${lookups.map(toBytes)}::bytea[])`.execute(db)
  if (rows.length === 0) return [...items]
  const withdrawn = new Set(rows.map(({ lookup }) => lookup))
  return items.map((item) => {
    const declarations = item.declarations.filter(({ kept }) => !withdrawn.has(kept?.lookup ?? ''))
    const statements = new Set(declarations.map(({ statement }) => statement)).size
    return declarations.length === item.declarations.length
      ? item
      : { ...item, declarations, statements }
  })
}

/**
 * In the transaction that assigns the indices: from its commit on it is too late to withdraw what waits. Throws
 * `state_moved` when one of them withdrew in between; the next round leaves them out.
 */
export async function stageReceipts(
  tx: RegisterTransaction,
  lookups: readonly string[],
): Promise<void> {
  if (lookups.length === 0) return
  const staged = await sql`
    INSERT INTO avow.receipt_fate (lookup_hash, fate)
    SELECT lookup_hash, 'staged' FROM unnest(${lookups.map(toBytes)}::bytea[]) AS r (lookup_hash)
    ON CONFLICT (lookup_hash) DO NOTHING RETURNING 1`.execute(tx)
  if (staged.rows.length !== lookups.length) {
    throw new RegisterError('state_moved', 'a declarant withdrew while the batch was made')
  }
}

/** With the rows that say where the receipts' declarations stand. */
export async function releaseReceipts(
  tx: RegisterTransaction,
  lookups: readonly string[],
): Promise<void> {
  if (lookups.length === 0) return
  await sql`
    DELETE FROM avow.receipt_fate
    WHERE fate = 'staged' AND lookup_hash = ANY(${lookups.map(toBytes)}::bytea[])`.execute(tx)
}

/** pg writes arrays of byte strings only for Buffers. */
function toBytes(lookup: string): Buffer {
  return Buffer.from(fromHex(lookup))
}
