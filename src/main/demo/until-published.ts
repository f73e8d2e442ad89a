import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../postgres/database.ts'
import type { RegisterTables } from '../../register/tables.ts'

const POLL_MS = 100

/** Waits until all that was approved is on the pages, so that a visitor's first look is the whole register. */
export async function untilPublished(publisherUrl: string, siteUrl: string): Promise<void> {
  await using db = openDatabase<RegisterTables>(publisherUrl, { max: 1 })
  const isPublished = async () => {
    const waiting = await db
      .selectFrom('avow.approved_item')
      .select('state')
      .where('state', '<>', 'published')
      .limit(1)
      .executeTakeFirst()
    const { size } = await db
      .selectFrom('avow.log_state')
      .select('size')
      .where('log', '=', 'declarations')
      .executeTakeFirstOrThrow()
    return waiting === undefined && (await countOnPages(siteUrl)) === size
  }
  while (!(await isPublished())) await sleep(POLL_MS)
}

async function countOnPages(siteUrl: string): Promise<unknown> {
  const answer: unknown = await (await fetch(new URL('count.json', siteUrl))).json()
  return typeof answer === 'object' && answer !== null && 'declarations' in answer
    ? answer.declarations
    : undefined
}
