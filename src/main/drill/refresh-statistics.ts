import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from '../../postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../postgres/embedded.ts'

/** What PostgreSQL does by itself in a longer life: it copies samples of every column into its statistics. */
export async function refreshStatistics(folder: string): Promise<void> {
  const owner = readFileSync(join(folder, 'secrets/database-owner'), 'utf8').trim()
  await using server = await startEmbedded(join(folder, 'data/postgres'), owner)
  await using db = openDatabase<unknown>(server.urlOf(CLUSTER_OWNER, owner, 'avow'), { max: 1 })
  await sql`ANALYZE`.execute(db)
}
