import { sql } from 'kysely'
import { toHex } from '../encoding/hex.ts'
import { randomBetween } from './random-order.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** Ciphertexts held in memory at once stay below this many items of some kilobytes. */
export const BATCH_MAX_ITEMS = 2000

/** When statements may go: drawn for each alone, so that a publication does not point back at an approval. */
export type NotBefore = {
  readonly minHours: number
  readonly maxHours: number
  readonly minStatements: number
  readonly maxDays: number
}

export type WaitingItem = {
  readonly caseId: Uint8Array
  readonly kind: 'desk' | 'import' | 'order'
  readonly centre: string
  readonly sealed: Uint8Array
  readonly overdue: boolean
}

/** Draws a time for every item that has none. Hours, because finer times say when volunteers work. */
export async function drawDueHours(
  db: RegisterDatabase,
  nowHour: number,
  notBefore: NotBefore,
  random: (length: number) => Uint8Array,
): Promise<void> {
  const undrawn = await db
    .selectFrom('avow.approved_item')
    .select('case_id')
    .where('state', '=', 'waiting')
    .where('kind', '=', 'desk')
    .where('due_hour', 'is', null)
    .execute()
  if (undrawn.length === 0) return
  const { minHours, maxHours, maxDays } = notBefore
  const due = undrawn.map(() => nowHour + randomBetween(minHours, maxHours, random))
  // From the beginning of today: counted from now it would keep the hour of the approval.
  const lastHour = nowHour - (nowHour % 24) + 24 * maxDays
  await sql`
    UPDATE avow.approved_item i
    SET due_hour = d.due_hour, last_hour = greatest(d.due_hour, ${lastHour}::integer)
    FROM unnest(${undrawn.map(({ case_id }) => case_id)}::bytea[], ${due}::integer[]) AS d (case_id, due_hour)
    WHERE i.case_id = d.case_id AND i.due_hour IS NULL`.execute(db)
}

/** Items of the desk that are due and sealed to us, or none while too few of them wait and none has waited too long. */
export async function listDueItems(
  db: RegisterDatabase,
  asked: {
    readonly nowHour: number
    readonly recipientHash: Uint8Array
    readonly minStatements: number
  },
): Promise<readonly WaitingItem[]> {
  const due = db
    .selectFrom('avow.approved_item')
    .where('state', '=', 'waiting')
    .where('kind', '=', 'desk')
    .where('due_hour', '<=', asked.nowHour)
    .where('recipient_hash', '=', asked.recipientHash)
  const { items, overdue } = await due
    .select([
      sql<number>`count(*)`.as('items'),
      sql<boolean>`coalesce(bool_or(last_hour <= ${asked.nowHour}), false)`.as('overdue'),
    ])
    .executeTakeFirstOrThrow()
  // Every case has at least a statement, so counting cases never lets a batch go that is too small.
  if (!overdue && items < asked.minStatements) return []
  const rows = await due.selectAll().orderBy('due_hour').limit(BATCH_MAX_ITEMS).execute()
  return rows.map((row) => ({
    caseId: row.case_id,
    kind: row.kind,
    centre: row.centre,
    sealed: row.sealed,
    overdue: row.last_hour !== null && row.last_hour <= asked.nowHour,
  }))
}

/** Imports are public already where they come from, so they wait for nobody. */
export async function listImportItems(
  db: RegisterDatabase,
  recipientHash: Uint8Array,
  limit: number,
): Promise<readonly WaitingItem[]> {
  const rows = await db
    .selectFrom('avow.approved_item')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('kind', '=', 'import')
    .where('recipient_hash', '=', recipientHash)
    .orderBy('case_id')
    .limit(limit)
    .execute()
  return rows.map(({ case_id, kind, centre, sealed }) => ({
    caseId: case_id,
    kind,
    centre,
    sealed,
    overdue: true,
  }))
}

/** Orders of two people; sealed and delivered as statements are. */
export async function listOrderItems(
  db: RegisterDatabase,
  recipientHash: Uint8Array,
  limit: number,
): Promise<readonly WaitingItem[]> {
  const rows = await db
    .selectFrom('avow.approved_item')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('kind', '=', 'order')
    .where('recipient_hash', '=', recipientHash)
    .orderBy('case_id')
    .limit(limit)
    .execute()
  return rows.map(({ case_id, kind, centre, sealed }) => ({
    caseId: case_id,
    kind,
    centre,
    sealed,
    overdue: true,
  }))
}

export async function markItemsStaged(
  tx: RegisterTransaction,
  caseIds: readonly Uint8Array[],
): Promise<void> {
  await sql`
    UPDATE avow.approved_item SET state = 'staged'
    WHERE case_id = ANY(${caseIds}::bytea[])`.execute(tx)
}

/** The row stays, emptied: a case that was published is never taken again. */
export async function closePublishedItems(
  tx: RegisterTransaction,
  caseIds: readonly Uint8Array[],
): Promise<void> {
  await sql`
    UPDATE avow.approved_item SET state = 'published', sealed = '', due_hour = NULL, last_hour = NULL
    WHERE case_id = ANY(${caseIds}::bytea[])`.execute(tx)
  // Imports have no case, and nothing to close.
  await sql`SELECT avow.close_cases(${caseIds}::bytea[], 'published', NULL)`.execute(tx)
}

/** The case goes back to its centre, whose envelope still holds everything; the operator sees how many and why. */
export async function refuseItem(
  db: RegisterDatabase,
  item: WaitingItem,
  code: string,
  day: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('avow.approved_item').where('case_id', '=', item.caseId).execute()
    await tx
      .insertInto('avow.refused_item')
      .values({ case_id: item.caseId, kind: item.kind, centre: item.centre, day, code })
      .onConflict((row) => row.column('case_id').doUpdateSet({ day, code }))
      .execute()
    await sql`SELECT avow.return_case(${item.caseId}, 'refused-by-publisher')`.execute(tx)
  })
}

/** Which of these receipts already belong to a declaration. */
export async function findUsedReceipts(
  db: RegisterDatabase,
  lookups: readonly Uint8Array[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ lookup_hash: Buffer }>`
    SELECT lookup_hash FROM avow.kept_opening
    WHERE lookup_hash = ANY(${lookups}::bytea[])`.execute(db)
  return new Set(rows.map(({ lookup_hash }) => toHex(lookup_hash)))
}
