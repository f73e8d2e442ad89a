import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { DiskReserve, readRoom } from './disk-reserve.ts'

let now = new Date('2026-03-01T10:00:00Z')
const clock = () => now
const folder = tmpdir()

test('below the reserve nothing is taken, and it is taken again within a second of there being room', async () => {
  const settings = { folder, percent: 100, bytes: 2 ** 50, clock }
  const reserve = new DiskReserve(settings)
  await assert.rejects(reserve.require(), { code: 'disk_reserve' })
  settings.bytes = 0
  await assert.rejects(reserve.require(), { code: 'disk_reserve' })
  now = new Date(now.getTime() + 1000)
  await reserve.require()
})

test('the reserve is the smaller of a share and a number of bytes', async () => {
  const whole = await readRoom({ folder, percent: 100, bytes: 2 ** 50 })
  assert.equal((await readRoom({ folder, percent: 50, bytes: 2 ** 50 })).reserve, whole.reserve / 2)
  assert.equal((await readRoom({ folder, percent: 100, bytes: 4096 })).reserve, 4096)
})

test('a folder that cannot be looked at has no room', async () => {
  const reserve = new DiskReserve({ folder: `${folder}/none/such`, percent: 0, bytes: 0, clock })
  await assert.rejects(reserve.require(), { code: 'disk_reserve' })
})
