import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openRegisterHouse, ownStatement } from '../../test/support/register-house.ts'
import { SequencerStopped } from './error.ts'

test('the first start publishes an empty pair, its form and its policy', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const { declarations, events } = publisher.pair()
  assert.equal(declarations.size, 0)
  assert.equal(events.size, 3)
  const latest = await readFile(join(house.publicFolder, 'log/latest'), 'utf8')
  assert.match(latest, /^avow\/latest\/v1\ndeclarations 0 \S{44}\nevents 3 \S{44}\n$/)
  await house.check()
})

test('a restart with nothing to do publishes nothing', async () => {
  await using house = await openRegisterHouse()
  const sizes: number[] = []
  for (let start = 0; start < 3; start++) {
    await using publisher = await house.start()
    sizes.push((await publisher.runRound()).events.size)
  }
  // The second pair is the directory's.
  assert.deepEqual(sizes, [5, 5, 5])
  const { logged } = await house.check()
  assert.ok(logged.has('log/directory'))
})

test('an approved case becomes declarations, and its ciphertexts are emptied', async () => {
  await using house = await openRegisterHouse()
  const told: number[] = []
  await using publisher = await house.start({
    onPublished: async ({ declarations }) => {
      told.push(declarations.size)
    },
  })
  await house.approve([
    ownStatement('one'),
    {
      text: { kind: 'standard', language: 'en', id: 'leave' },
      persons: [{}, { name: 'hidden', hideName: true, hideText: true }],
    },
    { text: null, persons: [{ name: 'shown' }] },
  ])
  assert.equal((await publisher.runRound()).declarations.size, 4)
  assert.deepEqual(told, [0, 4])
  const { opened, tally } = await house.check()
  assert.deepEqual(opened, { body: 2, name: 2, about: 4 })
  assert.equal(tally.declarations, 4)
  const { rows } = await sql<{ state: string; outcome: string; bytes: number }>`
    SELECT i.state, c.state AS outcome, octet_length(i.sealed) AS bytes
    FROM avow.approved_item i JOIN avow."case" c ON c.id = i.case_id`.execute(house.owner)
  assert.deepEqual(rows, [{ state: 'published', outcome: 'published', bytes: 0 }])
})

test('a receipt finds its declaration, and what is not shown is kept sealed', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const lookup = 'ab'.repeat(32)
  await house.approve([{ text: null, persons: [{ lookup }, {}] }])
  await publisher.runRound()
  const { rows } = await sql<{ state: string; idx: number }>`
    SELECT * FROM avow.receipt_view(${Buffer.from(lookup, 'hex')})`.execute(house.owner)
  assert.equal(rows[0]?.state, 'published')
  assert.ok([0, 1].includes(rows[0]?.idx ?? -1))
  const kept = await house.owner.selectFrom('avow.kept_opening').selectAll().execute()
  assert.deepEqual(
    kept.map(({ sealed }) => sealed?.toString()),
    [`kept openings of ${lookup}`],
  )
})

test('nothing of a batch is readable in the database before it is public', async () => {
  await using house = await openRegisterHouse()
  const canary = 'canary-in-a-statement'
  await house.approve([ownStatement(canary)])
  const crash = (log: string, step: number) => {
    if (log === 'declarations' && step === 6) throw new Error('crash')
  }
  await using first = await house.start()
  await first.runRound()
  await first[Symbol.asyncDispose]()
  await house.approve([ownStatement(canary)])
  await using stopped = await house.start({ testingOnlyAfterStep: crash })
  await assert.rejects(stopped.runRound(), SequencerStopped)
  const staged = await house.owner.selectFrom('avow.staged_batch').selectAll().execute()
  assert.equal(staged.length, 1)
  assert.ok((staged[0]?.sealed_content?.length ?? 0) > 100)
  for (const { entries, sealed_content } of staged) {
    assert.equal(Buffer.concat([entries, sealed_content ?? Buffer.alloc(0)]).indexOf(canary), -1)
  }
})

test('an event is public once it is appended', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const hash = 'cd'.repeat(32)
  const before = publisher.pair().events.size
  const { events } = await publisher.appendEvent({
    type: 'app',
    files: [{ name: 'desk.js', hash }],
  })
  assert.ok(events.size > before)
  await house.check()
})

test('a clock that is behind the log stops nothing but this round', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  house.clockAt = new Date('2026-02-27T10:00:00Z')
  await assert.rejects(publisher.runRound(), { code: 'clock_behind' })
  assert.deepEqual(publisher.health(), { state: 'retrying', code: 'clock_behind' })
  house.clockAt = new Date('2026-03-02T10:00:00Z')
  assert.equal((await publisher.runRound()).declarations.size, 1)
  await house.check()
})

test('tiles grow over their borders, and only partials whose full tile is served are gone', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  let size = 0
  for (const persons of [255, 1, 1, 254, 2, 300]) {
    await house.approve([{ text: null, persons: Array.from({ length: persons }, () => ({})) }])
    size += persons
    assert.equal((await publisher.runRound()).declarations.size, size)
    await house.check()
  }
  const { archived } = await house.check()
  assert.equal(archived.declarations, 7)
})

test('who renders the pages is told again until it worked', async () => {
  await using house = await openRegisterHouse()
  const told: number[] = []
  let isBroken = false
  await using publisher = await house.start({
    onPublished: async ({ declarations }) => {
      if (isBroken) throw new Error('disk full')
      told.push(declarations.size)
    },
  })
  isBroken = true
  await house.approve([ownStatement('one')])
  await assert.rejects(publisher.runRound(), /disk full/)
  isBroken = false
  await publisher.runRound()
  assert.deepEqual(told, [0, 1])
  await publisher.runRound()
  assert.deepEqual(told, [0, 1])
})
