import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openRegisterHouse, type RegisterHouse, random } from '../../test/support/register-house.ts'
import { openDatabase } from '../postgres/database.ts'
import { inCentre } from '../postgres/transaction.ts'

const SHOWN = 'a1'.repeat(32)
const HIDDEN = 'b2'.repeat(32)
const KEPT_OUT = 'c3'.repeat(32)

/** An envelope of three persons with receipts, two of whom the reviewers let through. */
async function fileGroup(house: RegisterHouse): Promise<void> {
  const caseId = await house.approve([
    { text: null, persons: [{ name: 'shown', lookup: SHOWN }, { lookup: HIDDEN }] },
  ])
  const [epoch, envelope] = [random(16), random(32)]
  await sql`INSERT INTO avow.epoch (id, centre, sealed_start, day)
    VALUES (${epoch}, 'global', '\\x00', '2026-01-01')`.execute(house.owner)
  await sql`INSERT INTO avow.envelope
    (id, centre, line, channel, language, day, size_class, epoch, row_index, sealed, case_id)
    VALUES (${envelope}, 'global', 'web', 'web', 'en', '2026-01-01', 2048, ${epoch}, 0, '\\x00',
      ${caseId})`.execute(house.owner)
  for (const [person, lookup] of [SHOWN, HIDDEN, KEPT_OUT].entries()) {
    await sql`INSERT INTO avow.receipt (lookup_hash, envelope, person)
      VALUES (${Buffer.from(lookup, 'hex')}, ${envelope}, ${person})`.execute(house.owner)
  }
}

async function statesOf(house: RegisterHouse): Promise<string[]> {
  const states: string[] = []
  for (const lookup of [SHOWN, HIDDEN, KEPT_OUT]) {
    const { rows } = await sql<{ state: string }>`
      SELECT state FROM avow.receipt_view(${Buffer.from(lookup, 'hex')})`.execute(house.owner)
    states.push(rows[0]?.state ?? '')
  }
  return states
}

test('after publication nothing says which entries came in one envelope, and every receipt still answers', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await fileGroup(house)
  assert.deepEqual(await statesOf(house), ['approved', 'approved', 'approved'])
  assert.equal((await publisher.runRound()).declarations.size, 2)
  assert.deepEqual(await statesOf(house), ['published', 'published', 'rejected'])
  const { rows } = await sql<{ lookup: string }>`
    SELECT encode(lookup_hash, 'hex') AS lookup FROM avow.receipt`.execute(house.owner)
  assert.deepEqual(rows, [{ lookup: KEPT_OUT }])
})

test('an item that the publisher can open is not replaced, one whose key is gone is', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start({ config: neverDue(house) })
  await using desk = openDatabase<unknown>(house.database.urls.avow_desk, { max: 1 })
  const caseId = await house.approve([{ text: null, persons: [{}] }])
  await publisher.runRound()
  const { recipient_hash } = await house.owner
    .selectFrom('avow.publisher_recipient')
    .select('recipient_hash')
    .executeTakeFirstOrThrow()
  const reseal = () =>
    inCentre(desk, 'global', async (tx) => {
      const { rows } = await sql<{ done: boolean | null }>`
        SELECT avow.reseal_item(${caseId}, ${recipient_hash}, '\\x00') AS done`.execute(tx)
      return rows[0]?.done
    })
  assert.equal(await reseal(), null)
  await house.owner
    .updateTable('avow.approved_item')
    .set({ recipient_hash: random(32) })
    .execute()
  assert.equal(await reseal(), true)
})

function neverDue(house: RegisterHouse) {
  const notBefore = { minHours: 6, maxHours: 6, minStatements: 1, maxDays: 7 }
  return { ...house.deps().config, notBefore }
}
