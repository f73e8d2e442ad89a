import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../../test/support/desk-house.ts'
import { openDatabase } from '../postgres/database.ts'
import { inCentre } from '../postgres/transaction.ts'
import type { Desk } from './client/desk-client.ts'
import type { DeskTables } from './tables.ts'

let house: DeskHouse
let anna: Desk
let nora: Desk
before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  await house.keyHolder('bert')
  await anna.refreshDirectory()
  await anna.makeCentreKey('north')
  await house.signAll(anna)
  nora = await house.admitted(anna, 'nora', 'north')
  await house.send(exampleSubmission())
  await house.send(exampleSubmission(), 'north')
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const waiting = async (desk: Desk) =>
  (await desk.readQueue()).lists.waiting.cases.map(({ id }) => id)

test('each centre’s queue holds its own cases only, and its keys open them', async () => {
  const [ofGlobal, ...more] = await waiting(anna)
  const [ofNorth, ...moreOfNorth] = await waiting(nora)
  assert.ok(ofGlobal !== undefined && ofNorth !== undefined)
  assert.deepEqual([more, moreOfNorth], [[], []])
  assert.notEqual(ofGlobal, ofNorth)
  await assert.rejects(nora.take(ofGlobal), { code: 'case_gone' })
  await assert.rejects(anna.take(ofNorth), { code: 'case_gone' })
  await assert.rejects(anna.openProposal(ofNorth), { code: 'case_not_proposed' })
  const open = await nora.take(ofNorth)
  assert.equal(open.submissions.length, 1)
  await nora.release(ofNorth)
})

const TABLES = ['case', 'draft', 'proposal', 'audit', 'envelope', 'epoch', 'waiting_item']

test('without a centre the desk’s role sees no row of any table', async () => {
  for (const table of TABLES) {
    const { rows } = await sql`SELECT 1 FROM ${sql.table(`avow.${table}`)}`.execute(house.deskDb)
    assert.equal(rows.length, 0, table)
  }
  const { rows } = await inCentre(house.deskDb, 'global', (tx) =>
    sql`SELECT 1 FROM avow."case"`.execute(tx),
  )
  assert.equal(rows.length, 1)
})

test('a row cannot be moved to another centre', async () => {
  await assert.rejects(
    inCentre(house.deskDb, 'global', (tx) =>
      sql`UPDATE avow."case" SET centre = 'north'`.execute(tx),
    ),
    /row-level security/,
  )
})

test('a connection that comes back after an error or a rollback carries no centre', async () => {
  const db: Kysely<DeskTables> = openDatabase(house.database.urls.avow_desk, { max: 1 })
  try {
    const seen = () => sql`SELECT 1 FROM avow."case"`.execute(db).then(({ rows }) => rows.length)
    await assert.rejects(
      inCentre(db, 'global', (tx) => sql`SELECT no_such_column FROM avow."case"`.execute(tx)),
    )
    assert.equal(await seen(), 0)
    await assert.rejects(
      inCentre(db, 'global', async (tx) => {
        await sql`SELECT 1 FROM avow."case"`.execute(tx)
        throw new Error('rolled back')
      }),
      /rolled back/,
    )
    assert.equal(await seen(), 0)
    await inCentre(db, 'global', (tx) => sql`SELECT 1 FROM avow."case"`.execute(tx))
    assert.equal(await seen(), 0)
  } finally {
    await db.destroy()
  }
})

test('requests of two centres that queue for few connections never see each other', async () => {
  const [ofGlobal] = await waiting(anna)
  const [ofNorth] = await waiting(nora)
  const lists = await Promise.all(
    Array.from({ length: 40 }, (_, i) => waiting(i % 2 === 0 ? anna : nora)),
  )
  lists.forEach((list, i) => {
    assert.deepEqual(list, [i % 2 === 0 ? ofGlobal : ofNorth])
  })
})
