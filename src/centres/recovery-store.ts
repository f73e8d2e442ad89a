import { type QueryExecutorProvider, sql } from 'kysely'

export interface RecoveryFile {
  readonly sealed: Uint8Array
  /** Size of the directory by which it was sealed. */
  readonly at: number
}

export async function findRecoveryFile(
  db: QueryExecutorProvider,
): Promise<RecoveryFile | undefined> {
  const { rows } = await sql<RecoveryFile>`SELECT sealed, at FROM avow.recovery_file`.execute(db)
  return rows[0]
}

/** There is one; a browser that is behind does not overwrite what another made of a newer directory. */
export async function storeRecoveryFile(
  tx: QueryExecutorProvider,
  { sealed, at }: RecoveryFile,
): Promise<void> {
  await sql`INSERT INTO avow.recovery_file AS f (sealed, at) VALUES (${sealed}, ${at})
    ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, at = excluded.at
      WHERE f.at <= excluded.at`.execute(tx)
}

export async function dropRecoveryFile(tx: QueryExecutorProvider): Promise<void> {
  await sql`DELETE FROM avow.recovery_file`.execute(tx)
}
