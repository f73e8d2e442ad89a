import { sql } from 'kysely'
import { type EventOf, encodeEvent, type LogEvent, parseEvent } from '../declaration/event.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

const ID_BYTES = 16
const NOT_YET = { day: '1970-01-01', size: 0 }

/** An event as it waits: day and size are those of the publication that takes it, so that neither ever decreases. */
export type WaitingEvent =
  Exclude<LogEvent, EventOf<'tally'>> extends infer Each
    ? Each extends LogEvent
      ? Omit<Each, 'day' | 'size'>
      : never
    : never

export type QueuedEvents = {
  readonly ids: readonly Uint8Array[]
  readonly events: readonly LogEvent[]
}

/** Events wait here until the event log takes them, in this order. Whoever queues one decides with which change it commits. */
export async function queueEvents(
  tx: RegisterTransaction,
  events: readonly WaitingEvent[],
  random: (length: number) => Uint8Array,
): Promise<void> {
  if (events.length === 0) return
  const { last } = await tx
    .selectFrom('avow.event_queue')
    .select(sql<number>`coalesce(max(place), 0)`.as('last'))
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('avow.event_queue')
    .values(
      events.map((event, i) => ({
        id: random(ID_BYTES),
        place: last + 1 + i,
        body: fromUtf8(encodeEvent({ ...event, ...NOT_YET })),
      })),
    )
    .execute()
}

export async function listQueuedEvents(
  db: RegisterDatabase,
  limit: number,
  place: { readonly day: string; readonly size: number },
): Promise<QueuedEvents> {
  const rows = await db
    .selectFrom('avow.event_queue')
    .selectAll()
    .orderBy('place')
    .limit(limit)
    .execute()
  return {
    ids: rows.map(({ id }) => id),
    events: rows.map(({ body }) => ({ ...parseEvent(utf8(body)), ...place })),
  }
}

export async function hasQueuedEvents(db: RegisterDatabase): Promise<boolean> {
  const row = await db.selectFrom('avow.event_queue').select('place').limit(1).executeTakeFirst()
  return row !== undefined
}

export async function removeQueuedEvents(
  tx: RegisterTransaction,
  ids: readonly Uint8Array[],
): Promise<void> {
  await sql`DELETE FROM avow.event_queue WHERE id = ANY(${ids}::bytea[])`.execute(tx)
}

/** Whether `value` is not yet the last that was said of `kind`; if so it is from now on. Same transaction as the event. */
export async function announceOnce(
  tx: RegisterTransaction,
  kind: string,
  value: string,
): Promise<'new' | 'known'> {
  if (await isAnnounced(tx, kind, value)) return 'known'
  await tx
    .insertInto('avow.announced')
    .values({ kind, value })
    .onConflict((row) => row.column('kind').doUpdateSet({ value }))
    .execute()
  return 'new'
}

/** Whether `value` is the last that was said of `kind`. */
export async function isAnnounced(
  db: RegisterDatabase | RegisterTransaction,
  kind: string,
  value: string,
): Promise<boolean> {
  const known = await db
    .selectFrom('avow.announced')
    .select('value')
    .where('kind', '=', kind)
    .executeTakeFirst()
  return known?.value === value
}
