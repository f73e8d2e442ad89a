import { sql } from 'kysely'
import type { DeskRequest } from './desk-context.ts'

/** One request admits at most this many, so that a flood delays no volunteer. */
const ADMITTED_MAX = 500

/**
 * Makes a case of every envelope that has none. The id follows from the envelope's, so that doing it twice
 * makes the same case; rows another request is admitting are skipped, not waited for.
 */
export async function admitEnvelopes({ tx, volunteer }: Pick<DeskRequest, 'tx' | 'volunteer'>) {
  await sql`
    WITH fresh AS MATERIALIZED (
      SELECT id, centre, line, channel, language, day, size_class,
        substring(sha256(convert_to('avow/case/v1', 'UTF8') || '\\x00'::bytea || id) FOR 16) AS case_id
      FROM avow.envelope WHERE case_id IS NULL AND centre = ${volunteer.centre}
      LIMIT ${ADMITTED_MAX} FOR UPDATE SKIP LOCKED),
    admitted AS (
      INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class)
      SELECT case_id, centre, line, channel, language, day, size_class FROM fresh
      ON CONFLICT DO NOTHING)
    UPDATE avow.envelope e SET case_id = fresh.case_id FROM fresh WHERE e.id = fresh.id`.execute(tx)
}
