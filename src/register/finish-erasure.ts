import { sql } from 'kysely'
import type { RegisterDatabase } from './tables.ts'

export type FinishedErasure = {
  /** Erasures that are finished by this, each a declaration; what was never public counts as one. */
  readonly finished: number
  /** Taken out of the rows, and files, pages or event still to follow: the publisher's work, at its next round. */
  readonly waiting: number
}

/** What PostgreSQL deletes or replaces in these stays readable in their files until they are written anew. */
const ERASED_FROM = sql`avow.content_bundle, avow.content_text, avow.kept_opening, avow.raised_part,
  avow.staged_batch, avow.pending_act, avow.event_queue, avow.approved_item, avow.envelope, avow.proposal, avow.draft`

/** As the owner of the tables. Reads only. */
export async function countErasures(owner: RegisterDatabase): Promise<FinishedErasure> {
  const { rows } = await sql<FinishedErasure>`
    SELECT count(*) FILTER (WHERE stage = 'logged')::integer AS finished,
           count(*) FILTER (WHERE stage <> 'logged')::integer AS waiting
    FROM avow.erasure`.execute(owner)
  return rows[0] ?? { finished: 0, waiting: 0 }
}

/**
 * The last step of every erasure whose event is public: tables written anew, the write-ahead log begun anew, and older
 * segments dropped by the checkpoint. A crash leaves the list of what is unfinished, and it is done again.
 */
export async function finishErasure(owner: RegisterDatabase): Promise<FinishedErasure> {
  const { rows } = await sql<{ idx: number }>`
    SELECT idx FROM avow.erasure WHERE stage = 'logged'`.execute(owner)
  if (rows.length > 0) {
    await sql`VACUUM (FULL) ${ERASED_FROM}`.execute(owner)
    await sql`SELECT pg_switch_wal()`.execute(owner)
    await sql`CHECKPOINT`.execute(owner)
    await sql`
      DELETE FROM avow.erasure
      WHERE stage = 'logged' AND idx = ANY(${rows.map(({ idx }) => idx)}::bigint[])`.execute(owner)
  }
  const { waiting } = await countErasures(owner)
  return { finished: rows.length, waiting }
}
