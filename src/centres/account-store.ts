import { type QueryExecutorProvider, sql } from 'kysely'

export interface Account {
  readonly volunteer: string
  readonly loginHash: Uint8Array
  readonly keyring: Uint8Array
  /** False for somebody whom two key holders have not admitted yet. */
  readonly admitted: boolean
}

/**
 * The accounts under a name: of a volunteer, and of whoever applied under it. Both stand there while somebody who lost
 * their keys waits to be admitted with new ones.
 */
export async function findAccounts(
  db: QueryExecutorProvider,
  volunteer: string,
): Promise<readonly Account[]> {
  const { rows } = await sql<Account>`
    SELECT volunteer, login_hash AS "loginHash", keyring, true AS admitted FROM avow.account
      WHERE volunteer = ${volunteer}
    UNION ALL
    SELECT volunteer, login_hash, keyring, false FROM avow.applicant
      WHERE volunteer = ${volunteer}`.execute(db)
  return rows
}

/** The keyring a browser sealed by the directory of this size. What was handed is gone with the same transaction. */
export async function replaceKeyring(
  tx: QueryExecutorProvider,
  volunteer: string,
  { keyring, at }: { readonly keyring: Uint8Array; readonly at: number },
  takenKeys: readonly Uint8Array[],
): Promise<void> {
  await sql`UPDATE avow.account SET keyring = ${keyring}, keyring_at = ${at}
    WHERE volunteer = ${volunteer}`.execute(tx)
  for (const id of takenKeys) {
    await sql`DELETE FROM avow.handed_key
      WHERE id = ${id} AND volunteer = ${volunteer} AND pending IS NULL`.execute(tx)
  }
}

export interface HandedKey {
  readonly id: Uint8Array
  readonly sealed: Uint8Array
}

export async function listHandedKeys(
  db: QueryExecutorProvider,
  volunteer: string,
): Promise<readonly HandedKey[]> {
  const { rows } = await sql<HandedKey>`
    SELECT id, sealed FROM avow.handed_key
    WHERE volunteer = ${volunteer} AND pending IS NULL`.execute(db)
  return rows
}

export interface Applicant {
  readonly volunteer: string
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signingKey: string
  readonly day: string
}

export async function listApplicants(db: QueryExecutorProvider): Promise<readonly Applicant[]> {
  const { rows } = await sql<Applicant>`
    SELECT volunteer, centre, roles, recipient, signing_key AS "signingKey", day
    FROM avow.applicant ORDER BY volunteer LIMIT 200`.execute(db)
  return rows
}

/** Refused by a key holder: the application goes, the name is free again. */
export async function removeApplicant(
  tx: QueryExecutorProvider,
  volunteer: string,
): Promise<boolean> {
  const gone = await sql`DELETE FROM avow.applicant WHERE volunteer = ${volunteer}`.execute(tx)
  return gone.numAffectedRows === 1n
}

/**
 * What an admitted applicant brought becomes their account; an older one under the name ends with it, and its passkeys,
 * which wrap a passphrase that opens nothing any more.
 */
export async function admitApplicantAccount(
  tx: QueryExecutorProvider,
  volunteer: string,
): Promise<boolean> {
  await sql`DELETE FROM avow.passkey WHERE volunteer = ${volunteer}
    AND EXISTS (SELECT FROM avow.applicant WHERE volunteer = ${volunteer})`.execute(tx)
  const { rows } = await sql<{ volunteer: string }>`
    WITH admitted AS (
      DELETE FROM avow.applicant WHERE volunteer = ${volunteer}
      RETURNING volunteer, centre, login_hash, keyring)
    INSERT INTO avow.account AS a (volunteer, centre, login_hash, keyring)
      SELECT volunteer, centre, login_hash, keyring FROM admitted
    ON CONFLICT (volunteer) DO UPDATE SET centre = excluded.centre,
      login_hash = excluded.login_hash, keyring = excluded.keyring, keyring_at = 0
    RETURNING volunteer`.execute(tx)
  return rows.length > 0
}
