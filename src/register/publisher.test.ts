import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegisterHouse, ownStatement } from '../../test/support/register-house.ts'

test('the first start publishes an empty pair, its form and its policy', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const { declarations, events } = publisher.pair()
  assert.equal(declarations.size, 0)
  assert.equal(events.size, 3)
  const latest = await readFile(join(house.publicFolder, 'log/latest'), 'utf8')
  assert.match(latest, /^avow\/latest\/v1\ndeclarations 0 \S{44}\nevents 3 \S{44}\n$/)
})

test('approved items become declarations', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one'), ownStatement('two')])
  const { declarations } = await publisher.runRound()
  assert.equal(declarations.size, 2)
  const { opened } = await house.check()
  assert.deepEqual(opened, { body: 2, name: 2, about: 2 })
})
