import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openRegisterHouse, ownStatement } from '../../test/support/register-house.ts'
import { SequencerStopped } from './error.ts'

test('a bit that flips between writing and signing is never signed', async () => {
  await using house = await openRegisterHouse()
  const flip = async (log: string, step: number) => {
    if (log !== 'declarations' || step !== 3) return
    const folder = join(house.stagingFolder, 'declarations/tile/entries/000.p')
    const [name] = await readdir(folder).catch(() => [])
    if (name === undefined) return
    const bytes = await readFile(join(folder, name))
    await writeFile(join(folder, name), bytes.with(60, (bytes[60] ?? 0) ^ 1))
  }
  await using publisher = await house.start({ testingOnlyAfterStep: flip })
  await house.approve([ownStatement('one')])
  await assert.rejects(publisher.runRound(), SequencerStopped)
  assert.deepEqual(publisher.health(), { state: 'refused', code: 'hash_mismatch' })
  const { signed_size } = await house.owner
    .selectFrom('avow.log_state')
    .select('signed_size')
    .where('log', '=', 'declarations')
    .executeTakeFirstOrThrow()
  assert.equal(signed_size, 0)
  await house.check()
})

test('indices that somebody else gave meanwhile are not given again', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await sql`UPDATE avow.log_state SET size = 1 WHERE log = 'declarations'`.execute(house.owner)
  await assert.rejects(publisher.runRound(), (error) => {
    return error instanceof SequencerStopped && error.code === 'state_moved'
  })
  const staged = await house.owner.selectFrom('avow.staged_batch').selectAll().execute()
  assert.deepEqual(staged, [])
  assert.equal(publisher.pair().declarations.size, 0)
})

test('another note of a size that was signed is never recorded', async () => {
  await using house = await openRegisterHouse()
  const sneak = async (log: string, step: number) => {
    if (log !== 'declarations' || step !== 4) return
    await sql`UPDATE avow.log_state SET signed_size = 1 WHERE log = 'declarations'`.execute(
      house.owner,
    )
  }
  await using publisher = await house.start()
  await publisher[Symbol.asyncDispose]()
  await using sneaked = await house.start({ testingOnlyAfterStep: sneak })
  await house.approve([ownStatement('one')])
  await assert.rejects(sneaked.runRound(), (error) => {
    return error instanceof SequencerStopped && error.code === 'state_moved'
  })
})

test('the persons of one case are shuffled over the batch', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const lookups = Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(64, '0'))
  await house.approve([{ text: null, persons: lookups.map((lookup) => ({ lookup })) }])
  await publisher.runRound()
  const rows = await house.owner
    .selectFrom('avow.kept_opening')
    .select(['lookup_hash', 'idx'])
    .orderBy('lookup_hash')
    .execute()
  const order = rows.map(({ idx }) => idx)
  assert.deepEqual(new Set(order).size, 40)
  assert.notDeepEqual(
    order,
    order.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  )
})

test('partials stay until their full tile is served, and no longer', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const tile = join(house.publicFolder, 'log/declarations/tile')
  const persons = (count: number) => [
    { text: null, persons: Array.from({ length: count }, () => ({})) },
  ]
  for (const count of [10, 200]) {
    await house.approve(persons(count))
    await publisher.runRound()
  }
  assert.deepEqual((await readdir(join(tile, '0/000.p'))).toSorted(), ['10', '210'])
  await house.approve(persons(100))
  await publisher.runRound()
  for (const gone of ['0/000.p', 'entries/000.p']) {
    await assert.rejects(stat(join(tile, gone)))
  }
  assert.deepEqual(await readdir(join(tile, '0/001.p')), ['54'])
  await house.check()
})

test('a batch larger than one publication takes goes in several, and each case whole', {
  skip: process.env['SLOW'] === '1' ? false : 'SLOW=1 only: 25,000 declarations',
}, async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const persons = Array.from({ length: 4999 }, () => ({}))
  for (let i = 0; i < 5; i++) await house.approve([{ text: null, persons }])
  assert.equal((await publisher.runRound()).declarations.size, 4 * 4999)
  assert.equal((await publisher.runRound()).declarations.size, 5 * 4999)
  await house.check()
})
