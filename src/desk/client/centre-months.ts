import { generateIdentity, recipientOf } from '../../sealing/age.ts'
import { monthAfter } from '../../sealing/directory-months.ts'
import type { ClosedMonths, MonthSummary } from '../months.ts'
import { sealHandedKeys, storeKeyring } from './handed-keys.ts'
import { type KeyFor, proposeDirectoryChange } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

export interface Months {
  readonly months: readonly MonthSummary[]
  readonly closed: readonly ClosedMonths[]
}

/**
 * A new centre, or a centre's key of a month. The key is stored in this keyring before the directory can name it: a
 * crash between the two leaves an unused key, never one that nobody holds.
 */
export async function makeCentreKey(
  desk: UnlockedDesk,
  centre: string,
  month = thisMonth(desk, centre),
): Promise<void> {
  const identity = await generateIdentity()
  const added = { centre, month, identity }
  const centreIdentities = [...desk.keyring.centreIdentities, added]
  await storeKeyring(desk, { ...desk.keyring, centreIdentities }, [])
  const keys: KeyFor[] = []
  for (const one of desk.directory.volunteers.values()) {
    if (one.id === desk.volunteer.id) continue
    if (one.centre !== centre && !one.roles.includes('key-holder')) continue
    keys.push(...(await sealHandedKeys([added], one)))
  }
  const recipient = await recipientOf(identity)
  await proposeDirectoryChange(desk, { change: 'centre', id: centre, month, recipient }, keys)
}

/** The month a centre's next key is for: next month's where this month has one, else this month's. */
export function nextMonth(desk: UnlockedDesk, centre: string): string {
  const now = desk.today().slice(0, 7)
  const newest = desk.directory.centres.get(centre)?.month ?? ''
  return newest >= now ? monthAfter(now) : now
}

/** Destroys the keys of a month and of all before it, once a second person signs. */
export function closeMonth(desk: UnlockedDesk, centre: string, month: string): Promise<void> {
  return proposeDirectoryChange(desk, { change: 'close', centre, month })
}

export function listMonths(desk: UnlockedDesk): Promise<Months> {
  return desk.connection.get<Months>('months')
}

/** Not before the newest: another key of a month that was made ahead is of that month too. */
function thisMonth(desk: UnlockedDesk, centre: string): string {
  const now = desk.today().slice(0, 7)
  const newest = desk.directory.centres.get(centre)?.month ?? now
  return newest > now ? newest : now
}
