import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  openRegisterHouse,
  type RegisterHouse,
  type TestStatement,
} from '../../test/support/register-house.ts'
import { parseContentFile } from '../declaration/content.ts'
import type { About } from '../declaration/values.ts'

const SOLDIER = { sector: 'army', region: 'cn-sichuan' }

/** What anybody can read of the declarants, from the files as they are served. */
async function readAbouts(house: RegisterHouse): Promise<About[]> {
  const bytes = await readFile(join(house.publicFolder, 'content/000'))
  return parseContentFile(bytes, 0).flatMap(({ about }) => about?.value ?? [])
}

function from(about: Partial<About>, persons = 1): TestStatement {
  return { text: null, persons: Array.from({ length: persons }, () => ({ about })) }
}

test('a region that fewer than five statements of a sector share is never written', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  // Four statements, and many persons of one of them.
  for (const persons of [1, 1, 1, 30]) await house.approve([from(SOLDIER, persons)])
  await publisher.runRound()
  const abouts = await readAbouts(house)
  assert.equal(abouts.length, 33)
  assert.deepEqual(new Set(abouts.map(({ region }) => region)), new Set([undefined]))
  await house.check()
})

test('what is visible already counts in later batches', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  for (let i = 0; i < 5; i++) await house.approve([from(SOLDIER)])
  await publisher.runRound()
  assert.equal((await readAbouts(house)).filter(({ region }) => region === 'cn-sichuan').length, 5)
  for (const visible of [6, 7]) {
    await house.approve([from(SOLDIER)])
    await publisher.runRound()
    const soldiers = (await readAbouts(house)).filter(({ region }) => region === 'cn-sichuan')
    assert.equal(soldiers.length, visible)
  }
  // Folded ones did not make the region visible, so they do not count for it.
  const banker = { sector: 'enterprise', region: 'cn-sichuan' }
  for (let i = 0; i < 4; i++) {
    await house.approve([from(banker)])
    await publisher.runRound()
  }
  await house.approve([from(banker)])
  await publisher.runRound()
  const bankers = (await readAbouts(house)).filter(({ sector }) => sector !== 'army')
  assert.equal(bankers.length, 5)
  assert.deepEqual(new Set(bankers.map(({ region }) => region)), new Set([undefined]))
  await house.check()
})

test('who asked for it is shown although few share it', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([from({ ...SOLDIER, position: 'Sample post', few: true })])
  await publisher.runRound()
  const [about] = await readAbouts(house)
  assert.equal(about?.region, 'cn-sichuan')
  assert.equal(about?.position, 'Sample post')
  await house.check()
})
