import { CompiledQuery, type Kysely, sql } from 'kysely'

/** One step of the schema. Ids sort in the order the rooms are listed; a step that has run is never edited after a release. */
export interface Migration {
  readonly id: string
  readonly sql: string
}

/**
 * Runs the steps that have not run yet, each in its own transaction, as the owner of the schema.
 * A crash leaves whole steps only; the advisory lock lets several processes start at once.
 */
export async function migrate(
  owner: Kysely<unknown>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const applied: string[] = []
  await owner.connection().execute(async (db) => {
    await sql`SELECT pg_advisory_lock(hashtext('avow.migrate'))`.execute(db)
    try {
      await sql`CREATE SCHEMA IF NOT EXISTS avow`.execute(db)
      await sql`CREATE TABLE IF NOT EXISTS avow.migration (id text PRIMARY KEY)`.execute(db)
      const { rows } = await sql<{ id: string }>`SELECT id FROM avow.migration`.execute(db)
      const known = new Set(rows.map((row) => row.id))
      for (const step of migrations) {
        if (known.has(step.id)) continue
        await db.transaction().execute(async (tx) => {
          await tx.executeQuery(CompiledQuery.raw(step.sql))
          await sql`INSERT INTO avow.migration (id) VALUES (${step.id})`.execute(tx)
        })
        applied.push(step.id)
      }
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtext('avow.migrate'))`.execute(db)
    }
  })
  return applied
}
