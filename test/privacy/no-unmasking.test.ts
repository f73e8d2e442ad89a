import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Desk } from '../../src/desk/client/desk-client.ts'
import { toBase64 } from '../../src/encoding/base64.ts'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../support/desk-house.ts'

let house: DeskHouse
let anna: Desk
let bert: Desk
let carl: Desk
before(async () => {
  house = await openDeskHouse()
  await house.startPublisher()
  anna = await house.keyHolder('anna')
  bert = await house.keyHolder('bert')
  carl = await house.admitted(anna, 'carl')
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

async function takeNew(desk: Desk) {
  await house.send(exampleSubmission())
  const [first] = (await desk.readQueue()).lists.waiting.cases
  assert.ok(first)
  return desk.take(first.id)
}

/** Every way to ask the desk about cases, with its answer or its refusal as text. */
async function askEverything({ state: { connection } }: Desk, id: string): Promise<string> {
  const answers: string[] = []
  const note = (asked: Promise<unknown>) =>
    asked.then(
      (answer) => answers.push(JSON.stringify(answer)),
      (error: unknown) => answers.push(String(error)),
    )
  for (const path of ['queue', 'reseal', 'publisher-recipient', 'handed', 'directory/pending']) {
    await note(connection.get(path))
  }
  for (const act of ['take', 'release', 'open-proposal']) {
    await note(connection.post(`case/${id}/${act}`, {}))
  }
  return answers.join('\n')
}

async function envelopeOf(id: string): Promise<string> {
  const { rows } = await sql<{ sealed: Uint8Array }>`
    SELECT sealed FROM avow.envelope WHERE encode(case_id, 'hex') = ${id}`.execute(house.owner)
  assert.equal(rows.length, 1)
  return toBase64(rows[0]?.sealed ?? new Uint8Array())
}

async function auditOf(id: string): Promise<readonly string[]> {
  const { rows } = await sql<{ said: string }>`
    SELECT volunteer || ' ' || act AS said FROM avow.audit
    WHERE encode(case_id, 'hex') = ${id}`.execute(house.owner)
  return rows.map(({ said }) => said).toSorted()
}

test('a case in one person’s hands opens for nobody else, key holders included', async () => {
  const open = await takeNew(anna)
  const { id } = open.summary
  const sealed = await envelopeOf(id)
  for (const other of [bert, carl]) {
    assert.ok(!(await askEverything(other, id)).includes(sealed), other.state.volunteer.id)
  }
  assert.ok((await askEverything(anna, id)).includes(sealed), 'whoever holds it reads it')
})

test('a proposal opens for who may decide it, and each opening is on record', async () => {
  const held = (await takeNew(anna)).summary
  await anna.propose(await anna.take(held.id))
  const sealed = await envelopeOf(held.id)
  assert.ok((await askEverything(carl, held.id)).includes(sealed))
  assert.ok((await auditOf(held.id)).includes('carl open-proposal'))
})

test('what is decided opens for nobody: there is nothing left to unmask', async () => {
  const { summary } = await takeNew(bert)
  await bert.propose(await bert.take(summary.id))
  const review = await carl.openProposal(summary.id)
  assert.ok(review.kind === 'publish')
  const sealed = await envelopeOf(summary.id)
  await carl.approve(review)
  for (const one of [anna, bert, carl]) {
    assert.ok(!(await askEverything(one, summary.id)).includes(sealed), one.state.volunteer.id)
  }
  const refused = await takeNew(anna).catch(() => undefined)
  assert.ok(refused)
  await anna.proposeRejection(refused, 'joke')
  await bert.reject(await bert.openProposal(refused.summary.id), 'joke')
  assert.equal(await envelopeOf(refused.summary.id), '', 'a rejected case keeps no ciphertext')
})
