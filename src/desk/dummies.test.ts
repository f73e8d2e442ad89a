import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import {
  type DeskHouse,
  exampleSubmission,
  openDeskHouse,
  REGISTER,
} from '../../test/support/desk-house.ts'
import { toHex } from '../encoding/hex.ts'
import { followCentreRecipients } from '../intake/centre-recipient.ts'
import { Dummies } from '../intake/dummies.ts'
import { EnvelopeCommits } from '../intake/receive-envelope.ts'
import type { IntakeTables } from '../intake/tables.ts'
import { openDatabase } from '../postgres/database.ts'
import type { Desk } from './client/desk-client.ts'

let house: DeskHouse
let anna: Desk
const open = new AsyncDisposableStack()

before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
})
after(async () => {
  await open.disposeAsync()
  await house[Symbol.asyncDispose]()
})

/** An intake of its own that makes dummies when asked. */
function openDummies(sealing: 'epoch' | 'age'): Dummies {
  const random = (length: number) => Uint8Array.from(randomBytes(length))
  const clock = () => house.clockAt
  const db = open.use(openDatabase<IntakeTables>(house.database.urls.avow_intake, { max: 1 }))
  const findRecipient = followCentreRecipients({
    db,
    register: REGISTER,
    findRootPublicKey: async () => house.rootPublicKey,
    clock,
  })
  const { commits } = open.use(new EnvelopeCommits({ db, clock, random, findRecipient }))
  const usual = { centre: 'global', line: 'web', channel: 'web', language: 'en', receipts: 1 }
  return new Dummies({
    commits,
    perHour: 0,
    findRecipient,
    random,
    usual: { ...usual, sizeClass: 4096, sealing },
    onFault: (fault) => assert.fail(String(fault)),
  })
}

async function counts() {
  const { rows } = await sql<{ envelopes: number; receipts: number; cases: number }>`
    SELECT (SELECT count(*)::int FROM avow.envelope) AS envelopes,
      (SELECT count(*)::int FROM avow.receipt) AS receipts,
      (SELECT count(*)::int FROM avow."case") AS cases`.execute(house.owner)
  return rows[0]
}

const waiting = async () => (await anna.readQueue()).lists.waiting.cases

for (const sealing of ['epoch', 'age'] as const) {
  test(`a dummy (${sealing}) waits like any other case and is gone once a volunteer opened it`, async () => {
    await openDummies(sealing).commitOne()
    const [dummy] = await waiting()
    assert.ok(dummy)
    assert.deepEqual(await counts(), { envelopes: 1, receipts: 1, cases: 1 })
    await assert.rejects(anna.take(dummy.id), { code: 'empty_envelope' })
    assert.deepEqual(await counts(), { envelopes: 0, receipts: 0, cases: 0 })
  })
}

test('a dummy looks on the disk like the envelope whose shape it took', async () => {
  const dummies = openDummies('epoch')
  const clear = { centre: 'global', line: 'station-7', channel: 'station', language: 'zh-hant' }
  const id = Uint8Array.from(randomBytes(32))
  dummies.notice([{ ...clear, id, receipts: [], padded: new Uint8Array(16_384) }])
  await dummies.commitOne()
  const { rows } = await sql<Record<string, unknown>>`
    SELECT line, channel, language, size_class, octet_length(sealed) AS bytes FROM avow.envelope`.execute(
    house.owner,
  )
  const { centre: _, ...seen } = clear
  assert.deepEqual(rows, [{ ...seen, size_class: 16_384, bytes: 16_384 + 16 }])
  const [dummy] = await waiting()
  await assert.rejects(anna.take(dummy?.id ?? ''), { code: 'empty_envelope' })
})

test('no volunteer can pass off what a person sent as a dummy', async () => {
  await house.send(exampleSubmission())
  const [real] = await waiting()
  assert.ok(real)
  await anna.take(real.id)
  const secret = toHex(randomBytes(32))
  await assert.rejects(anna.state.connection.post(`case/${real.id}/drop-dummy`, { secret }), {
    code: 'case_gone',
  })
  assert.equal((await counts())?.envelopes, 1)
})
