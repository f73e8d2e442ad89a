import { type QueryExecutorProvider, sql } from 'kysely'

/** One credential of one account. The server can check its signatures and open nothing of it. */
export interface Passkey {
  readonly credential: Uint8Array
  readonly volunteer: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly wrapped: Uint8Array
  readonly sealedName: Uint8Array
}

/** A device, a spare and a few more; a longer list is nobody's own. */
export const PASSKEYS_MAX = 10

export async function findPasskey(
  db: QueryExecutorProvider,
  credential: Uint8Array,
): Promise<Passkey | undefined> {
  const { rows } = await sql<Passkey>`
    SELECT credential, volunteer, public_key AS "publicKey", counter::float8 AS counter, wrapped,
      sealed_name AS "sealedName"
    FROM avow.passkey WHERE credential = ${credential}`.execute(db)
  return rows[0]
}

export async function listPasskeys(
  db: QueryExecutorProvider,
  volunteer: string,
): Promise<readonly Pick<Passkey, 'credential' | 'sealedName'>[]> {
  const { rows } = await sql<Pick<Passkey, 'credential' | 'sealedName'>>`
    SELECT credential, sealed_name AS "sealedName" FROM avow.passkey
    WHERE volunteer = ${volunteer} ORDER BY credential`.execute(db)
  return rows
}

/** False when the credential is somebody's already or the account has as many as it may. */
export async function storePasskey(tx: QueryExecutorProvider, passkey: Passkey): Promise<boolean> {
  const { credential, volunteer, publicKey, counter, wrapped, sealedName } = passkey
  const made = await sql`
    INSERT INTO avow.passkey (credential, volunteer, public_key, counter, wrapped, sealed_name)
    SELECT ${credential}, ${volunteer}, ${publicKey}, ${counter}::bigint, ${wrapped}, ${sealedName}
    WHERE (SELECT count(*) FROM avow.passkey WHERE volunteer = ${volunteer}) < ${PASSKEYS_MAX}
    ON CONFLICT DO NOTHING`.execute(tx)
  return made.numAffectedRows === 1n
}

/** False when the counter went on meanwhile: of one signature used twice at once only one counts. */
export async function raiseCounter(
  tx: QueryExecutorProvider,
  { credential, counter }: Pick<Passkey, 'credential' | 'counter'>,
  next: number,
): Promise<boolean> {
  const raised = await sql`UPDATE avow.passkey SET counter = ${next}::bigint
    WHERE credential = ${credential} AND counter = ${counter}::bigint`.execute(tx)
  return raised.numAffectedRows === 1n
}

export async function removePasskey(
  tx: QueryExecutorProvider,
  volunteer: string,
  credential: Uint8Array,
): Promise<boolean> {
  const gone = await sql`DELETE FROM avow.passkey
    WHERE credential = ${credential} AND volunteer = ${volunteer}`.execute(tx)
  return gone.numAffectedRows === 1n
}
