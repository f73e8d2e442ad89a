import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import {
  CENTRE,
  openRegisterHouse,
  type RegisterHouse,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { openActRecipient } from '../declaration/publisher-recipient.ts'
import { toHex } from '../encoding/hex.ts'
import { openDatabase } from '../postgres/database.ts'
import { leafHash } from '../tlog/hash.ts'
import type { RegisterDatabase } from './tables.ts'

type View = {
  readonly state: string
  readonly idx: number | null
  readonly leaf: Buffer | null
  readonly leaf_hash: Buffer | null
  readonly seq: number
  readonly withdrawn: boolean
  readonly pending: number
  readonly kept: Buffer | null
  readonly refused: string | null
}

/** The only questions intake has, asked with its own role. */
async function openDoors(house: RegisterHouse) {
  const intake = openDatabase<unknown>(house.database.urls.avow_intake, { max: 4 })
  const word = async (call: ReturnType<typeof sql<{ word: string }>>) =>
    (await call.execute(intake)).rows[0]?.word
  return {
    view: async (lookup: Uint8Array) => {
      const { rows } = await sql<View>`SELECT * FROM avow.receipt_view(${lookup})`.execute(intake)
      const [row] = rows
      assert.ok(row !== undefined && rows.length === 1)
      return row
    },
    submit: (lookup: Uint8Array, id: Uint8Array) =>
      word(
        sql`SELECT avow.submit_act(${lookup}, ${id}, ${Buffer.from('sealed')}, 'batch') AS word`,
      ),
    forget: (lookup: Uint8Array) => word(sql`SELECT avow.forget_receipt(${lookup}) AS word`),
    withdraw: (lookup: Uint8Array) =>
      word(sql`SELECT avow.withdraw_unpublished(${lookup}) AS word`),
    recipient: () => word(sql`SELECT avow.act_recipient() AS word`),
    [Symbol.asyncDispose]: () => intake.destroy(),
  }
}

/** A person's envelope as intake leaves it, in a case where there is one. */
async function fileEnvelope(
  owner: RegisterDatabase,
  persons: readonly Uint8Array[],
  caseId: Uint8Array | null,
) {
  const id = random(32)
  const epoch = random(16)
  await sql`INSERT INTO avow.epoch VALUES (${epoch}, ${CENTRE}, 'x', '2026-03-01')`.execute(owner)
  await sql`
    INSERT INTO avow.envelope
      (id, centre, line, channel, language, day, size_class, epoch, row_index, sealed, case_id)
    VALUES (${id}, ${CENTRE}, 'web', 'web', 'en', '2026-03-01', 2048, ${epoch}, 0, 'sealed', ${caseId})`.execute(
    owner,
  )
  for (const [person, lookup] of persons.entries()) {
    await sql`INSERT INTO avow.receipt VALUES (${lookup}, ${id}, ${person}, ${persons.length === 1})`.execute(
      owner,
    )
  }
  return id
}

async function sealedOf(house: RegisterHouse, envelope: Uint8Array): Promise<string> {
  const { rows } = await sql<{ sealed: Buffer }>`
    SELECT sealed FROM avow.envelope WHERE id = ${envelope}`.execute(house.owner)
  return rows[0]?.sealed.toString() ?? ''
}

test('a receipt sees its leaf as logged, and an unknown one answers in the same shape', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  await using publisher = await house.start()
  const lookup = Buffer.from(random(32))
  await house.approve([{ text: null, persons: [{ lookup: toHex(lookup) }] }])
  await publisher.runRound()
  const seen = await doors.view(lookup)
  assert.deepEqual([seen.state, seen.idx, seen.seq, seen.pending], ['published', 0, 0, 0])
  assert.equal(
    toHex(seen.leaf_hash ?? Buffer.alloc(0)),
    toHex(leafHash(seen.leaf ?? Buffer.alloc(0), sha256)),
  )
  assert.match(seen.kept?.toString() ?? '', /^kept openings of/)
  const unknown = await doors.view(random(32))
  assert.deepEqual(Object.keys(unknown), Object.keys(seen))
  assert.deepEqual([unknown.state, unknown.idx, unknown.leaf], ['unknown', null, null])
})

test('an act is taken once, for a published receipt only, and eight of a receipt at most', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  await using publisher = await house.start()
  const lookup = Buffer.from(random(32))
  await house.approve([{ text: null, persons: [{ lookup: toHex(lookup) }] }])
  assert.equal(await doors.submit(lookup, random(32)), 'unknown')
  await publisher.runRound()
  const id = random(32)
  assert.equal(await doors.submit(lookup, id), 'accepted')
  assert.equal(await doors.submit(lookup, id), 'known')
  assert.equal((await doors.view(lookup)).pending, 1)
  for (let i = 1; i < 8; i++) assert.equal(await doors.submit(lookup, random(32)), 'accepted')
  assert.equal(await doors.submit(lookup, random(32)), 'full')
  assert.equal(await doors.submit(random(32), random(32)), 'unknown')
})

test('a receipt is told why its last act was refused, until it sends another', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  await using publisher = await house.start()
  const [lookup, other] = [Buffer.from(random(32)), Buffer.from(random(32))]
  const persons = [{ lookup: toHex(lookup) }, { lookup: toHex(other) }]
  await house.approve(persons.map((person) => ({ text: null, persons: [person] })))
  await publisher.runRound()
  assert.equal(await doors.submit(lookup, random(32)), 'accepted')
  assert.equal((await doors.view(lookup)).refused, null)
  await publisher.runRound()
  const { refused, pending } = await doors.view(lookup)
  assert.deepEqual({ refused, pending }, { refused: 'cannot_open', pending: 0 })
  assert.equal((await doors.view(other)).refused, null)
  assert.equal(await doors.submit(lookup, random(32)), 'accepted')
  assert.equal((await doors.view(lookup)).refused, null)
})

test('a forgotten receipt leaves its hash and nothing else', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  await using publisher = await house.start()
  const lookup = Buffer.from(random(32))
  await house.approve([{ text: null, persons: [{ lookup: toHex(lookup) }] }])
  await publisher.runRound()
  assert.equal(await doors.forget(lookup), 'forgotten')
  const [row] = await house.owner.selectFrom('avow.kept_opening').selectAll().execute()
  assert.deepEqual([row?.idx, row?.leaf, row?.sealed], [null, null, null])
  assert.equal((await doors.view(lookup)).state, 'forgotten')
  assert.equal(await doors.submit(lookup, random(32)), 'unknown')
  assert.equal(await doors.forget(random(32)), 'unknown')
})

test('the act recipient is signed by the log and the same after a restart', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  const notes: string[] = []
  for (let start = 0; start < 2; start++) {
    await using _publisher = await house.start()
    notes.push((await doors.recipient()) ?? '')
  }
  const { logKeys } = house.deps()
  const opened = openActRecipient(Buffer.from(notes[0] ?? ''), logKeys.declarations.verifierKey)
  assert.match(opened.recipient, /^age1pq1/)
  assert.equal(notes[0], notes[1])
  await house.check()
})

test('withdrawing what waits alone empties its envelope and ends its case', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  const [waiting, approved] = [random(32), random(32)]
  const withoutCase = await fileEnvelope(house.owner, [waiting], null)
  const caseId = await house.approve([{ text: null, persons: [{ lookup: toHex(approved) }] }])
  const inCase = await fileEnvelope(house.owner, [approved], caseId)
  assert.equal(await doors.withdraw(waiting), 'withdrawn')
  assert.equal(await doors.withdraw(approved), 'withdrawn')
  assert.equal(await doors.withdraw(approved), 'withdrawn')
  assert.equal(await doors.withdraw(random(32)), 'unknown')
  assert.deepEqual([await sealedOf(house, withoutCase), await sealedOf(house, inCase)], ['', ''])
  assert.equal((await doors.view(waiting)).state, 'withdrawn-before')
  assert.equal((await doors.view(approved)).state, 'withdrawn-before')
  await using publisher = await house.start()
  assert.equal((await publisher.runRound()).declarations.size, 0)
})

test('after publication it is too late to withdraw what waits', async () => {
  await using house = await openRegisterHouse()
  await using doors = await openDoors(house)
  await using publisher = await house.start()
  const lookup = random(32)
  const caseId = await house.approve([{ text: null, persons: [{ lookup: toHex(lookup) }] }])
  await fileEnvelope(house.owner, [lookup], caseId)
  await publisher.runRound()
  assert.equal(await doors.withdraw(lookup), 'published')
  assert.equal((await doors.view(lookup)).state, 'published')
})
