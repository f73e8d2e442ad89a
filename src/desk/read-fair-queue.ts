import { type RawBuilder, sql } from 'kysely'
import { toHex } from '../encoding/hex.ts'
import type { DeskRequest } from './desk-context.ts'
import { notRecused, type QueuePage, type SummaryRow, summaryOf } from './read-queue.ts'

/** How far the pages before went, channel by channel. */
export interface ChannelPosition {
  readonly channel: string
  readonly day: string
  readonly id: Uint8Array
}

const PAGE_SIZE = 20

/** In the words of the index, so that it is used. */
const ANYBODYS = sql`state = 'waiting' AND handed_to IS NULL AND escalated IS NULL`

/**
 * One page of the waiting cases. The channels take turns, each with its oldest, so that a flood of one fills its own
 * turns and nobody else's: of a page each of n channels has at least one case in n, as long as it has any. The index
 * hands each channel its own beginning, however many cases the others have.
 */
export async function readFairQueue(
  { tx, volunteer }: DeskRequest,
  positions: readonly ChannelPosition[],
): Promise<QueuePage> {
  const { rows } = await sql<SummaryRow & { turn: number }>`
    WITH RECURSIVE ${channelsOf(volunteer.centre)},
    seen AS (SELECT * FROM ${positionRows(positions)} AS s (channel, day, id))
    SELECT c.*, NULL AS proposed_by, NULL AS kind, NULL AS returned_code,
      row_number() OVER (PARTITION BY c.channel ORDER BY c.day, c.id) AS turn
    FROM channels LEFT JOIN seen ON seen.channel = channels.channel
    CROSS JOIN LATERAL (
      SELECT id, line, channel, language, day, size_class, state, code, handed_to, escalated
      FROM avow."case" c
      WHERE centre = ${volunteer.centre} AND ${ANYBODYS} AND ${notRecused(volunteer.id)}
        AND channel = channels.channel
        AND (day, id) > (coalesce(seen.day, '-infinity'), coalesce(seen.id, ''))
      ORDER BY day, id LIMIT ${PAGE_SIZE + 1}) c
    ORDER BY turn, c.day, c.id LIMIT ${PAGE_SIZE + 1}`.execute(tx)
  const shown = rows.slice(0, PAGE_SIZE)
  return {
    cases: shown.map(summaryOf),
    next: rows.length > PAGE_SIZE ? formatPositions(positions, shown) : null,
  }
}

/** The channels that have cases waiting, by hopping from one to the next in the index. */
function channelsOf(centre: string): RawBuilder<unknown> {
  const next = (after: RawBuilder<unknown>) => sql`(SELECT channel FROM avow."case"
    WHERE centre = ${centre} AND ${ANYBODYS} AND channel > ${after} ORDER BY channel LIMIT 1)`
  return sql`hops AS (
      SELECT ${next(sql`''`)} AS channel
      UNION ALL SELECT ${next(sql`hops.channel`)} FROM hops WHERE hops.channel IS NOT NULL),
    channels AS (SELECT channel FROM hops WHERE channel IS NOT NULL)`
}

function positionRows(positions: readonly ChannelPosition[]): RawBuilder<unknown> {
  const channels = positions.map(({ channel }) => channel)
  const days = positions.map(({ day }) => day)
  const ids = positions.map(({ id }) => Buffer.from(id))
  return sql`unnest(${channels}::text[], ${days}::date[], ${ids}::bytea[])`
}

function formatPositions(before: readonly ChannelPosition[], shown: readonly SummaryRow[]): string {
  const last = new Map(before.map((position) => [position.channel, position]))
  for (const row of shown) last.set(row.channel, row)
  return [...last.values()]
    .map(({ channel, day, id }) => `${channel}~${day}.${toHex(id)}`)
    .join('_')
}
