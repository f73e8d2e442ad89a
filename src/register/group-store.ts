import { sql } from 'kysely'
import type { GroupCounts } from '../declaration/minimum-group.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** How many statements are visible behind each of these keys under one form. */
export async function loadGroupCounts(
  db: RegisterDatabase,
  form: Uint8Array,
  keys: readonly string[],
): Promise<GroupCounts> {
  const { rows } = await sql<{ key: string; statements: number }>`
    SELECT key, statements FROM avow.visible_group
    WHERE form = ${form} AND key = ANY(${keys}::text[])`.execute(db)
  return new Map(rows.map(({ key, statements }) => [key, statements]))
}

/** In the transaction that assigns the indices: from then on these values will be visible. */
export async function addGroupCounts(
  tx: RegisterTransaction,
  form: Uint8Array,
  added: GroupCounts,
): Promise<void> {
  await sql`
    INSERT INTO avow.visible_group (form, key, statements)
    SELECT ${form}, * FROM unnest(${[...added.keys()]}::text[], ${[...added.values()]}::integer[])
    ON CONFLICT (form, key) DO UPDATE
    SET statements = visible_group.statements + excluded.statements`.execute(tx)
}
