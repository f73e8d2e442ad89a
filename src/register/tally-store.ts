import { sql } from 'kysely'
import type { Leaf } from '../declaration/leaf.ts'
import { partKey, type Tally, tallyOf } from '../declaration/tally.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** The parts that new leaves belong to, before any act. */
export function countParts(leaves: readonly Leaf[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const leaf of leaves) {
    const key = partKey({
      leaf,
      rekeyed: null,
      seq: 0,
      withdrawn: false,
      confirmed: false,
      flagged: false,
    })
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** In the transaction that assigns the indices, so that the parts always sum to the size. */
export async function addToTally(
  tx: RegisterTransaction,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  await sql`
    INSERT INTO avow.tally_part (part, declarations)
    SELECT * FROM unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::bigint[])
    ON CONFLICT (part) DO UPDATE
    SET declarations = tally_part.declarations + excluded.declarations`.execute(tx)
}

export async function loadTally(
  db: RegisterDatabase,
  declarations: number,
  events: number,
  more: ReadonlyMap<string, number> = new Map(),
): Promise<Tally> {
  const rows = await db.selectFrom('avow.tally_part').selectAll().execute()
  const counts = new Map(rows.map(({ part, declarations: count }) => [part, count]))
  for (const [part, step] of more) counts.set(part, (counts.get(part) ?? 0) + step)
  return tallyOf(declarations, events, counts)
}
