import { type RawBuilder, sql } from 'kysely'
import type { DeskRequest } from './desk-context.ts'

/** One request admits at most this many, so that a flood delays no volunteer. */
const ADMITTED_MAX = 500

/**
 * Makes a case of every envelope that has none, as many of each channel: a flood of one delays no other. The id follows from the envelope's, so that doing it twice
 * makes the same case; rows another request is admitting are skipped, not waited for.
 */
export async function admitEnvelopes({ tx, volunteer }: Pick<DeskRequest, 'tx' | 'volunteer'>) {
  await sql`
    WITH RECURSIVE hops AS (
      SELECT ${nextChannel(volunteer.centre, sql`''`)} AS channel
      UNION ALL SELECT ${nextChannel(volunteer.centre, sql`hops.channel`)} FROM hops
        WHERE hops.channel IS NOT NULL),
    channels AS (SELECT channel FROM hops WHERE channel IS NOT NULL),
    fresh AS MATERIALIZED (
      SELECT e.*, substring(sha256(
        convert_to('avow/case/v1', 'UTF8') || '\\x00'::bytea || e.id) FOR 16) AS case_id
      FROM channels CROSS JOIN LATERAL (
        SELECT id, centre, line, channel, language, day, size_class
        FROM avow.envelope WHERE case_id IS NULL AND centre = ${volunteer.centre}
          AND channel = channels.channel
          -- Empty: withdrawn by its receipt before anybody took it.
          AND octet_length(sealed) > 0
        LIMIT ${ADMITTED_MAX} / (SELECT count(*) FROM channels) FOR UPDATE SKIP LOCKED) e),
    admitted AS (
      INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class)
      SELECT case_id, centre, line, channel, language, day, size_class FROM fresh
      ON CONFLICT DO NOTHING)
    UPDATE avow.envelope e SET case_id = fresh.case_id FROM fresh WHERE e.id = fresh.id`.execute(tx)
}

function nextChannel(centre: string, after: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(SELECT channel FROM avow.envelope WHERE case_id IS NULL AND centre = ${centre}
    AND octet_length(sealed) > 0 AND channel > ${after} ORDER BY channel LIMIT 1)`
}
