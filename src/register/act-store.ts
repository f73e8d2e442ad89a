import { sql } from 'kysely'
import type { RegisterDatabase, RegisterTables, RegisterTransaction } from './tables.ts'

export type PendingAct = {
  /** SHA-256 of the message. */
  readonly id: Uint8Array
  readonly lookupHash: Uint8Array
  readonly sealed: Uint8Array
  readonly urgency: 'now' | 'batch'
}

/** What the publisher knows of a receipt that is not forgotten. */
export type HeldReceipt = { readonly index: number; readonly leaf: Uint8Array }

/** Acts that nobody looked at yet: only inside stands what may wait, and how long. */
export async function listUndatedActs(
  db: RegisterDatabase,
  limit: number,
): Promise<readonly PendingAct[]> {
  const rows = await db
    .selectFrom('avow.pending_act')
    .selectAll()
    .where('last_day', 'is', null)
    .limit(limit)
    .execute()
  return rows.map(pendingAct)
}

export async function dateAct(
  db: RegisterDatabase,
  id: Uint8Array,
  lastDay: string,
): Promise<void> {
  await db.updateTable('avow.pending_act').set({ last_day: lastDay }).where('id', '=', id).execute()
}

/** How many receipts wait for the daily batch, and whether one of them has waited long enough. */
export async function countWaitingActs(
  db: RegisterDatabase,
  today: string,
): Promise<{ readonly receipts: number; readonly overdue: boolean }> {
  return db
    .selectFrom('avow.pending_act')
    .select([
      sql<number>`count(DISTINCT lookup_hash)`.as('receipts'),
      sql<boolean>`coalesce(bool_or(last_day <= ${today}::date), false)`.as('overdue'),
    ])
    .where('last_day', 'is not', null)
    .executeTakeFirstOrThrow()
}

/** All acts of as many receipts as fit; `now`: only of those that are in a hurry. */
export async function listActs(
  db: RegisterDatabase,
  asked: { readonly which: 'now' | 'all'; readonly maxReceipts: number },
): Promise<readonly PendingAct[]> {
  const receipts = db
    .selectFrom('avow.pending_act')
    .select('lookup_hash')
    .distinct()
    .where('last_day', 'is not', null)
    .$if(asked.which === 'now', (query) => query.where('urgency', '=', 'now'))
    .limit(asked.maxReceipts)
  const rows = await db
    .selectFrom('avow.pending_act')
    .selectAll()
    .where('last_day', 'is not', null)
    .where('lookup_hash', 'in', receipts)
    .execute()
  return rows.map(pendingAct)
}

export async function findHeldReceipt(
  db: RegisterDatabase,
  lookupHash: Uint8Array,
): Promise<HeldReceipt | 'forgotten' | undefined> {
  const row = await db
    .selectFrom('avow.kept_opening')
    .select(['idx', 'leaf'])
    .where('lookup_hash', '=', lookupHash)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return row.idx === null || row.leaf === null ? 'forgotten' : { index: row.idx, leaf: row.leaf }
}

export async function removeActs(
  tx: RegisterTransaction,
  ids: readonly Uint8Array[],
): Promise<void> {
  await sql`DELETE FROM avow.pending_act WHERE id = ANY(${ids}::bytea[])`.execute(tx)
}

/** Of a refused act a number remains, how many on which day and why; its receipt is told until it sends another. */
export async function refuseAct(
  db: RegisterDatabase,
  id: Uint8Array,
  code: string,
  day: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      WITH gone AS (DELETE FROM avow.pending_act WHERE id = ${id} RETURNING lookup_hash)
      UPDATE avow.kept_opening k SET refused = ${code} FROM gone
      WHERE k.lookup_hash = gone.lookup_hash AND k.idx IS NOT NULL`.execute(tx)
    await countRefused(tx, code, day)
  })
}

export async function countRefused(
  tx: RegisterTransaction,
  code: string,
  day: string,
): Promise<void> {
  await sql`
    INSERT INTO avow.refused_act (day, code, acts) VALUES (${day}, ${code}, 1)
    ON CONFLICT (day, code) DO UPDATE SET acts = refused_act.acts + 1`.execute(tx)
}

function pendingAct(row: RegisterTables['avow.pending_act']): PendingAct {
  const { id, lookup_hash, sealed, urgency } = row
  return { id, lookupHash: lookup_hash, sealed, urgency }
}
