import { centreTotals, encodeCentreList, parseCentreList } from '../declaration/centre-list.ts'
import { toHex } from '../encoding/hex.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import type { RegisterDatabase } from './tables.ts'

export const CENTRES_FILE = 'log/centres'

/** Takes the canonical bytes of a new list; the publisher announces it at its next look. */
export async function storeWantedCentres(db: RegisterDatabase, list: Uint8Array): Promise<void> {
  await db
    .insertInto('avow.public_centres')
    .values({ stage: 'wanted', list })
    .onConflict((row) => row.column('stage').doUpdateSet({ list }))
    .execute()
}

/**
 * Queues the event that names the wanted list, unless it was the last one named, and makes it the list to serve, in one
 * transaction: the file goes out with the pair that holds its event.
 */
export async function announceCentres(
  db: RegisterDatabase,
  /** How many there are in the directory at this moment: a number, and nothing about anybody. */
  volunteers: number,
  {
    random,
    sha256,
  }: {
    readonly random: (length: number) => Uint8Array
    readonly sha256: (bytes: Uint8Array) => Uint8Array
  },
): Promise<void> {
  const list = await loadList(db, 'wanted')
  if (list === undefined) return
  const directory = toHex(sha256(list))
  const totals = centreTotals(parseCentreList(list))
  await db.transaction().execute(async (tx) => {
    if ((await announceOnce(tx, 'centres', directory)) === 'known') return
    await tx
      .insertInto('avow.public_centres')
      .values({ stage: 'announced', list })
      .onConflict((row) => row.column('stage').doUpdateSet({ list }))
      .execute()
    await queueEvents(tx, [{ type: 'centres', directory, ...totals, volunteers }], random)
  })
}

/** The list that an event names; undefined before there is one. */
export function loadAnnouncedCentres(db: RegisterDatabase): Promise<Uint8Array | undefined> {
  return loadList(db, 'announced')
}

async function loadList(db: RegisterDatabase, stage: 'wanted' | 'announced') {
  const row = await db
    .selectFrom('avow.public_centres')
    .select('list')
    .where('stage', '=', stage)
    .executeTakeFirst()
  return row && encodeCentreList(parseCentreList(Uint8Array.from(row.list)))
}
