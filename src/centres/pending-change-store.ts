import { type QueryExecutorProvider, sql } from 'kysely'
import type { PendingChange } from '../sealing/directory-signatures.ts'

/** A centre identity of one month, sealed to one volunteer's own recipient. */
export interface KeyToHand {
  readonly id: Uint8Array
  readonly volunteer: string
  readonly centre: string
  readonly month: string
  readonly sealed: Uint8Array
}

export interface WaitingChange extends PendingChange {
  readonly id: Uint8Array
  /** The key in it that is sealed to whoever asks, so that they can see what they sign for. */
  readonly ownKey: Uint8Array | null
}

/** More would be no list that two people read. */
const PENDING_MAX = 200

/** Keeps a change and the keys that go with it until the second person signs. */
export async function storePendingChange(
  tx: QueryExecutorProvider,
  id: Uint8Array,
  { line, proposed }: PendingChange,
  keys: readonly KeyToHand[],
): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM avow.pending_change`.execute(tx)
  if ((rows[0]?.count ?? 0) >= PENDING_MAX) return false
  await sql`INSERT INTO avow.pending_change (id, line, proposed)
    VALUES (${id}, ${line}, ${proposed})`.execute(tx)
  for (const { id: keyId, volunteer, centre, month, sealed } of keys) {
    await sql`INSERT INTO avow.handed_key (id, pending, volunteer, centre, month, sealed)
      VALUES (${keyId}, ${id}, ${volunteer}, ${centre}, ${month}, ${sealed})`.execute(tx)
  }
  return true
}

export async function listPendingChanges(
  db: QueryExecutorProvider,
  asker: string,
): Promise<readonly WaitingChange[]> {
  const { rows } = await sql<WaitingChange>`
    SELECT p.id, p.line, p.proposed, (
      SELECT k.sealed FROM avow.handed_key k WHERE k.pending = p.id AND k.volunteer = ${asker}
      ORDER BY k.month DESC LIMIT 1) AS "ownKey"
    FROM avow.pending_change p ORDER BY p.line, p.id LIMIT ${PENDING_MAX}`.execute(db)
  return rows
}

/** Of two who sign it at once the second finds the directory moved, and then the change gone. */
export async function findPendingChange(
  tx: QueryExecutorProvider,
  id: Uint8Array,
): Promise<PendingChange | undefined> {
  const { rows } = await sql<PendingChange>`
    SELECT line, proposed FROM avow.pending_change WHERE id = ${id} `.execute(tx)
  return rows[0]
}

/** Its keys go with it, unless they were handed over before. */
export async function removePendingChange(
  tx: QueryExecutorProvider,
  id: Uint8Array,
): Promise<boolean> {
  const gone = await sql`DELETE FROM avow.pending_change WHERE id = ${id}`.execute(tx)
  return gone.numAffectedRows === 1n
}
