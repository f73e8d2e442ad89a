import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
} from '../../test/support/register-house.ts'

const PACE = { minHours: 6, maxHours: 72, minStatements: 3, maxDays: 7 }
const HOUR_MS = 3_600_000

function atPace(house: RegisterHouse) {
  return { config: { ...house.deps().config, notBefore: PACE } }
}

function pass(house: RegisterHouse, hours: number): void {
  house.clockAt = new Date(house.clockAt.getTime() + hours * HOUR_MS)
}

test('every case draws an hour of its own between the two bounds', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start(atPace(house))
  for (let i = 0; i < 40; i++) await house.approve([ownStatement(`text ${i}`)])
  const now = Math.floor(house.clockAt.getTime() / HOUR_MS)
  await publisher.runRound()
  const rows = await house.owner.selectFrom('avow.approved_item').select('due_hour').execute()
  const hours = rows.map(({ due_hour }) => (due_hour ?? 0) - now)
  assert.ok(hours.every((hour) => hour >= 6 && hour <= 72))
  assert.ok(new Set(hours).size > 10)
})

test('no hour in the database says when a case was approved', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start(atPace(house))
  await house.approve([ownStatement('one')])
  await publisher.runRound()
  const hours = () =>
    house.owner.selectFrom('avow.approved_item').select(['due_hour', 'last_hour']).execute()
  assert.equal(((await hours())[0]?.last_hour ?? 1) % 24, 0)
  pass(house, 7 * 24)
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.deepEqual(await hours(), [{ due_hour: null, last_hour: null }])
})

test('nothing goes before its hour, however much waits', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start(atPace(house))
  for (let i = 0; i < 5; i++) await house.approve([ownStatement(`text ${i}`)])
  assert.equal((await publisher.runRound()).declarations.size, 0)
  pass(house, 5)
  assert.equal((await publisher.runRound()).declarations.size, 0)
  pass(house, 67)
  assert.equal((await publisher.runRound()).declarations.size, 5)
  await house.check()
})

test('too few statements wait for others, and at most seven days', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start(atPace(house))
  // Many persons of one statement are still one statement.
  await house.approve([{ text: null, persons: [{}, {}, {}, {}, {}] }])
  await house.approve([ownStatement('another')])
  await publisher.runRound()
  pass(house, 73)
  assert.equal((await publisher.runRound()).declarations.size, 0)
  pass(house, 7 * 24 - 73)
  assert.equal((await publisher.runRound()).declarations.size, 6)
  await house.check()
})

test('a case without a declaration does not stand in for one', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start(atPace(house))
  await house.approve([])
  await house.approve([])
  await house.approve([ownStatement('one')])
  await publisher.runRound()
  pass(house, 73)
  assert.equal((await publisher.runRound()).declarations.size, 0)
  await house.approve([ownStatement('two')])
  await house.approve([ownStatement('three')])
  await publisher.runRound()
  pass(house, 73)
  assert.equal((await publisher.runRound()).declarations.size, 3)
  const waiting = await house.owner
    .selectFrom('avow.approved_item')
    .select('state')
    .where('state', '<>', 'published')
    .execute()
  assert.deepEqual(waiting, [])
})
