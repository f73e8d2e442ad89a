import { sql } from 'kysely'
import type { WaitingEvent } from './event-queue.ts'
import type { RegisterTransaction } from './tables.ts'

/** A smaller number could point at one case, so it waits until there are more. */
const CELL_MIN = 5

type KeptOut = { readonly reason: string; readonly count: number }

/** Adds who was kept out of a batch, and takes out the `desk` event for every reason that is large enough by now. */
export async function takeKeptOut(
  tx: RegisterTransaction,
  keptOut: readonly KeptOut[],
  day: string,
): Promise<readonly WaitingEvent[]> {
  for (const { reason, count } of keptOut) {
    await sql`
      INSERT INTO avow.kept_out (reason, persons, since) VALUES (${reason}, ${count}, ${day})
      ON CONFLICT (reason) DO UPDATE SET persons = kept_out.persons + excluded.persons`.execute(tx)
  }
  const { rows } = await sql<{ reason: string; persons: number; since: string }>`
    DELETE FROM avow.kept_out WHERE persons >= ${CELL_MIN}
    RETURNING reason, persons, since`.execute(tx)
  if (rows.length === 0) return []
  const cells = rows.map(({ reason, persons }) => ({ code: reason, count: persons }))
  const from = rows.map(({ since }) => since).toSorted()[0] ?? day
  const sorted = cells.toSorted((a, b) => (a.code < b.code ? -1 : 1))
  return [{ type: 'desk', from, to: day, rejected: [], keptOut: sorted, claimed: 0 }]
}
