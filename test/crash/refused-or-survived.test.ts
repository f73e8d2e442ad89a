import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RegisterError, SequencerStopped } from '../../src/register/error.ts'
import type { Publisher } from '../../src/register/publisher.ts'
import { openRegisterHouse, ownStatement, type RegisterHouse } from '../support/register-house.ts'
import { missingMount, mountSmallDisk } from '../support/small-disk.ts'

const skip = missingMount()

test('a full disk stops publication with its name, and everything goes out once there is room', {
  skip,
}, async () => {
  await using house = await openRegisterHouse()
  using disk = mountSmallDisk(join(house.folder, 'data'), 8)
  await using publisher = await house.start()
  await approvePersons(house, 'early', 3)
  await publisher.runRound()
  disk.fill(40 * 1024)
  await approvePersons(house, 'late', 300)
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(publisher.runRound())
    assert.deepEqual(publisher.health(), { state: 'retrying', code: 'disk_full' })
    await requireShown(house, 3)
  }
  disk.empty()
  assert.equal((await publisher.runRound()).declarations.size, 303)
  assert.deepEqual(publisher.health(), { state: 'running' })
  await requireShown(house, 303)
})

test('a disk that became read-only stops publication, and a start on it is refused by name', {
  skip,
}, async () => {
  await using house = await openRegisterHouse()
  using disk = mountSmallDisk(join(house.folder, 'data'), 8)
  {
    await using publisher = await house.start()
    await approvePersons(house, 'early', 2)
    await publisher.runRound()
    disk.allowWrites('ro')
    await approvePersons(house, 'late', 2)
    await assert.rejects(publisher.runRound(), SequencerStopped)
    assert.deepEqual(publisher.health(), { state: 'retrying', code: 'disk_read_only' })
    await requireShown(house, 2)
  }
  assert.equal(await house.refusal(), 'disk_read_only')
  disk.allowWrites('rw')
  await using publisher = await house.start()
  assert.equal((await publisher.runRound()).declarations.size, 4)
  await requireShown(house, 4)
})

test('a second publisher of one register is refused while the first one writes', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  assert.equal(await house.refusal(), 'second_writer')
  await approvePersons(house, 'any', 1)
  assert.equal((await publisher.runRound()).declarations.size, 1)
  await requireShown(house, 1)
})

test('a database that goes away in the middle of the day is waited for', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await approvePersons(house, 'any', 1)
  await house.cutConnections()
  await assert.rejects(publisher.runRound())
  const health = publisher.health()
  assert.ok(health.state === 'retrying')
  assert.match(health.code, /^(database_unreachable|lock_lost)$/)
  assert.equal((await untilPublished(publisher)).declarations.size, 1)
  await requireShown(house, 1)
})

test('days never go back: an hour over midnight is bridged, a day and more is waited for', async () => {
  await using house = await openRegisterHouse()
  house.clockAt = new Date('2026-03-02T00:00:01Z')
  await using publisher = await house.start()
  await approvePersons(house, 'one', 1)
  await publisher.runRound()

  house.clockAt = new Date('2026-03-01T23:59:58Z')
  await approvePersons(house, 'two', 1)
  assert.equal((await publisher.runRound()).declarations.size, 2)
  assert.deepEqual(publisher.health(), { state: 'running', warning: 'clock_behind' })

  house.clockAt = new Date('2026-02-28T12:00:00Z')
  await approvePersons(house, 'three', 1)
  await assert.rejects(publisher.runRound(), { code: 'clock_behind' })
  assert.deepEqual(publisher.health(), { state: 'retrying', code: 'clock_behind' })
  await requireShown(house, 2)

  house.clockAt = new Date('2026-03-03T08:00:00Z')
  assert.equal((await publisher.runRound()).declarations.size, 3)
  assert.deepEqual(publisher.health(), { state: 'running' })
  const { lastDay } = await house.check()
  assert.equal(lastDay, '2026-03-03')
})

test('a register whose public folder is gone is refused, and says what is missing', async () => {
  await using house = await openRegisterHouse()
  {
    await using publisher = await house.start()
    await approvePersons(house, 'any', 2)
    await publisher.runRound()
  }
  await rm(house.publicFolder, { recursive: true })
  await assert.rejects(house.start(), (error: unknown) => {
    assert.ok(error instanceof RegisterError && error.code === 'store_older')
    assert.match(error.message, /nothing is served of declarations/)
    return true
  })
})

async function approvePersons(house: RegisterHouse, text: string, count: number): Promise<void> {
  await house.approve(Array.from({ length: count }, (_, i) => ownStatement(`${text} ${i}`)))
}

async function requireShown(house: RegisterHouse, declarations: number): Promise<void> {
  const { pair } = await house.check().catch((error: unknown) => {
    // Tiles of a batch that is under way may be there before their checkpoint.
    if (error instanceof Error && 'code' in error && error.code === 'unexpected_file') {
      return { pair: { declarations: { size: declarations } } }
    }
    throw error
  })
  assert.equal(pair.declarations.size, declarations)
}

async function untilPublished(publisher: Publisher): ReturnType<Publisher['runRound']> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await publisher.runRound()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}
