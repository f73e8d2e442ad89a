import { type Kysely, sql, type Transaction } from 'kysely'

/**
 * One transaction that sees one centre. The setting is local to the transaction, so a connection that goes back
 * to the pool after an error or a rollback carries no centre.
 */
export function inCentre<Tables, Result>(
  db: Kysely<Tables>,
  centre: string,
  work: (tx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT set_config('avow.centre', ${centre}, true)`.execute(tx)
    return work(tx)
  })
}
