import { sql } from 'kysely'
import { removeActs } from './act-store.ts'
import { closePublishedItems } from './approved-item-store.ts'
import { type ChosenAct, type ChosenActs, DAILY_ACTS } from './choose-acts.ts'
import type { ChosenOrder } from './choose-orders.ts'
import { findContentLine } from './content-rows.ts'
import { eraseParts } from './erase-content.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import { insertRaised } from './raise-content.ts'
import type { RegisterTransaction } from './tables.ts'

export type CarryingOutDeps = {
  readonly stagingKey: Uint8Array
  readonly random: (length: number) => Uint8Array
  readonly today: string
}

/**
 * Everything of these acts that the database can do, in one transaction: after it the rows show less, the events wait in
 * the queue and the acts are gone; before it nothing happened and the acts wait as they were.
 */
export async function carryOutActs(
  tx: RegisterTransaction,
  { acts, isOfTheDay }: ChosenActs,
  deps: CarryingOutDeps,
): Promise<void> {
  for (const chosen of acts) {
    const { index } = chosen.act.event
    await eraseParts(tx, index, chosen.erased)
    for (const raised of chosen.raised) {
      // Also what is there already, or its text would be left without anyone who shows it.
      const line = await findContentLine(tx, index)
      if (line?.[raised.part] !== undefined) await eraseParts(tx, index, [raised.part])
      await insertRaised(tx, raised, deps.stagingKey, deps.random)
    }
    if (!chosen.isForgotten) await updateKept(tx, chosen)
  }
  await queueEvents(
    tx,
    acts.map(({ act }) => act.event),
    deps.random,
  )
  await removeActs(
    tx,
    acts.map(({ pending }) => pending.id),
  )
  if (isOfTheDay) await announceOnce(tx, DAILY_ACTS, deps.today)
}

/** What the receipt opens from now on. A withdrawal without a new file leaves nothing to open. */
async function updateKept(tx: RegisterTransaction, { act, pending }: ChosenAct): Promise<void> {
  const { kept, receipt, event } = act
  if (kept !== null || event.type === 'withdraw') {
    await tx
      .updateTable('avow.kept_opening')
      .set({ sealed: kept })
      .where('lookup_hash', '=', pending.lookupHash)
      .execute()
  }
  if (receipt !== null) {
    const heir = Buffer.from(receipt, 'hex')
    await sql`
      UPDATE avow.kept_opening SET lookup_hash = ${heir}
      WHERE lookup_hash = ${pending.lookupHash}`.execute(tx)
  }
}

/** The same for orders of two people, which have no receipt and publish nothing. What the receipt keeps stays its holder's. */
export async function carryOutOrders(
  tx: RegisterTransaction,
  orders: readonly ChosenOrder[],
  { random }: Pick<CarryingOutDeps, 'random'>,
): Promise<void> {
  for (const { index, erased } of orders) {
    if (index !== null) await eraseParts(tx, index, erased)
  }
  await queueEvents(
    tx,
    orders.map(({ event }) => event),
    random,
  )
  await closePublishedItems(
    tx,
    orders.map(({ caseId }) => caseId),
  )
}
