import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
} from '../../test/support/register-house.ts'
import { act, TestReceipt } from '../../test/support/test-receipt.ts'
import { countErasures, finishErasure } from './finish-erasure.ts'

const CANARY = 'canary-of-a-withdrawn-text'

test('after the last step a withdrawn text is nowhere in the files of the tables', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const receipt = new TestReceipt()
  const { text } = ownStatement(CANARY)
  await house.approve([{ text, persons: [{ name: CANARY, receipt }] }])
  await publisher.runRound()
  await act(house, receipt, { kind: 'withdraw' })
  assert.deepEqual(await countErasures(house.owner), { finished: 0, waiting: 0 })
  await publisher.runRound()
  assert.deepEqual(await countErasures(house.owner), { finished: 1, waiting: 0 })
  assert.equal(await isInTables(house), 'found')
  assert.deepEqual(await finishErasure(house.owner), { finished: 1, waiting: 0 })
  assert.equal(await isInTables(house), 'gone')
  assert.deepEqual(await finishErasure(house.owner), { finished: 0, waiting: 0 })
})

/** Reads every file of this database, as who seizes the disk would. */
async function isInTables(house: RegisterHouse): Promise<'found' | 'gone'> {
  await sql`CHECKPOINT`.execute(house.owner)
  const { rows } = await sql<{ folder: string }>`
    SELECT current_setting('data_directory') || '/base/' || oid AS folder
    FROM pg_database WHERE datname = current_database()`.execute(house.owner)
  const folder = rows[0]?.folder ?? ''
  for (const file of await readdir(folder)) {
    if ((await readFile(join(folder, file))).includes(CANARY)) return 'found'
  }
  return 'gone'
}
