import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
} from '../../test/support/register-house.ts'
import { readServedEvents } from '../../test/support/served-events.ts'
import { parseEvent } from '../declaration/event.ts'

async function approveKeepingOut(house: RegisterHouse, reason: string, count: number) {
  await house.approve([ownStatement(`kept out ${count}`)], ({ proposal }) =>
    house.signed({ ...proposal, keptOut: [{ reason, count }] }),
  )
}

test('how many were kept out is logged by reason, and never fewer than five', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await approveKeepingOut(house, 'absent', 3)
  await approveKeepingOut(house, 'deceased', 4)
  await publisher.runRound()
  assert.deepEqual(await deskEvents(house), [])
  house.clockAt = new Date('2026-03-04T10:00:00Z')
  await approveKeepingOut(house, 'absent', 2)
  await publisher.runRound()
  assert.deepEqual(await deskEvents(house), [
    { from: '2026-03-01', to: '2026-03-04', keptOut: [{ code: 'absent', count: 5 }] },
  ])
  await approveKeepingOut(house, 'deceased', 1)
  await publisher.runRound()
  assert.equal((await deskEvents(house)).length, 2)
  await house.check()
})

async function deskEvents(house: RegisterHouse) {
  const events = (await readServedEvents(house.publicFolder)).map(parseEvent)
  return events.flatMap((event) =>
    event.type === 'desk' ? [{ from: event.from, to: event.to, keptOut: event.keptOut }] : [],
  )
}
