import { type QueryExecutorProvider, sql } from 'kysely'

export interface Account {
  readonly volunteer: string
  readonly loginHash: Uint8Array
  readonly keyring: Uint8Array
}

export async function findAccount(
  db: QueryExecutorProvider,
  volunteer: string,
): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    SELECT volunteer, login_hash AS "loginHash", keyring FROM avow.account
    WHERE volunteer = ${volunteer}`.execute(db)
  return rows[0]
}

/** The keyring grows when a centre key was handed over; what was handed is gone with the same transaction. */
export async function replaceKeyring(
  tx: QueryExecutorProvider,
  volunteer: string,
  keyring: Uint8Array,
  takenKeys: readonly Uint8Array[],
): Promise<void> {
  await sql`UPDATE avow.account SET keyring = ${keyring} WHERE volunteer = ${volunteer}`.execute(tx)
  for (const id of takenKeys) {
    await sql`DELETE FROM avow.handed_key WHERE id = ${id} AND volunteer = ${volunteer}`.execute(tx)
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
    SELECT id, sealed FROM avow.handed_key WHERE volunteer = ${volunteer}`.execute(db)
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

/** Refused by a key holder: the account goes, the name is free again. */
export async function removeApplicant(
  tx: QueryExecutorProvider,
  volunteer: string,
): Promise<boolean> {
  const gone = await sql`DELETE FROM avow.applicant WHERE volunteer = ${volunteer}`.execute(tx)
  if (gone.numAffectedRows !== 1n) return false
  await sql`DELETE FROM avow.account WHERE volunteer = ${volunteer}`.execute(tx)
  return true
}
