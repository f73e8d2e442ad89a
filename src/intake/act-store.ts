import { type Kysely, sql } from 'kysely'
import type { IntakeTables } from './tables.ts'

/** `full`: as many acts of this receipt as may wait do wait. */
export type Submitted = 'accepted' | 'known' | 'full' | 'unknown'
/** `ended`: it was decided already, and is not in the register. */
export type WithdrawnUnpublished = 'withdrawn' | 'published' | 'ended' | 'unknown'
export type Forgotten = 'forgotten' | 'unpublished' | 'unknown'

export interface SealedAct {
  /** Of the receipt that holds it. */
  readonly lookupHash: Uint8Array
  /** SHA-256 of the message, so that sending it twice is sending it once. */
  readonly id: Uint8Array
  /** A padded age file to the act recipient. */
  readonly sealed: Uint8Array
  readonly urgency: 'now' | 'batch'
}

// Each is one call of a function that runs as its owner and answers one hash: the intake role reads no table.

/** Durable once it returns. */
export async function submitAct(
  db: Kysely<IntakeTables>,
  { lookupHash, id, sealed, urgency }: SealedAct,
): Promise<Submitted> {
  const { rows } = await sql<{ answer: string }>`
    SELECT avow.submit_act(${lookupHash}, ${id}, ${sealed}, ${urgency}) AS answer`.execute(db)
  return answerOf(rows, ['accepted', 'known', 'full', 'unknown'])
}

/** Before publication a declaration is deleted, and no event names it. */
export async function withdrawUnpublished(
  db: Kysely<IntakeTables>,
  lookupHash: Uint8Array,
): Promise<WithdrawnUnpublished> {
  const { rows } = await sql<{ answer: string }>`
    SELECT avow.withdraw_unpublished(${lookupHash}) AS answer`.execute(db)
  return answerOf(rows, ['withdrawn', 'published', 'ended', 'unknown'])
}

/** Deletes the kept openings and what ties the receipt to the declaration. */
export async function forgetReceipt(
  db: Kysely<IntakeTables>,
  lookupHash: Uint8Array,
): Promise<Forgotten> {
  const { rows } = await sql<{ answer: string }>`
    SELECT avow.forget_receipt(${lookupHash}) AS answer`.execute(db)
  return answerOf(rows, ['forgotten', 'unpublished', 'unknown'])
}

function answerOf<const Answer extends string>(
  [row]: readonly { readonly answer: string }[],
  answers: readonly Answer[],
): Answer {
  const found = answers.find((answer) => answer === row?.answer)
  if (found === undefined) throw new TypeError('an unknown answer')
  return found
}
