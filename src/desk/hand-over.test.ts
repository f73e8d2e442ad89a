import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../../test/support/desk-house.ts'
import { inCentre } from '../postgres/transaction.ts'
import type { Desk } from './client/desk-client.ts'
import type { QueueList } from './read-queue.ts'

let house: DeskHouse
let anna: Desk
let bert: Desk
let nora: Desk
let remy: Desk
before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  bert = await house.keyHolder('bert')
  await anna.refreshDirectory()
  remy = await house.admitted(anna, 'remy')
  await anna.makeCentreKey('north')
  await house.signAll(anna)
  nora = await house.admitted(anna, 'nora', 'north')
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const listed = async (desk: Desk, list: QueueList) =>
  (await desk.readQueue()).lists[list].cases.map(({ id }) => id)

async function takeNew(desk: Desk) {
  await house.send(exampleSubmission())
  const [id] = await listed(desk, 'waiting')
  assert.ok(id !== undefined)
  return desk.take(id)
}

/** Leaves nothing behind for the next test. */
async function finish(desk: Desk, id: string) {
  await desk.proposeRejection(await desk.take(id), 'test')
  const other = desk === anna ? bert : anna
  await other.reject(await other.openProposal(id), 'test')
}

test('a proposal is taken back by its author, until somebody else has opened it', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.propose(open)
  await assert.rejects(anna.withdrawProposal(id), { code: 'not_allowed' })
  await remy.withdrawProposal(id)
  await assert.rejects(remy.withdrawProposal(id), { code: 'case_not_proposed' })
  await assert.rejects(anna.openProposal(id), { code: 'case_not_proposed' })
  const again = await remy.take(id)
  assert.equal(again.returnedCode, 'taken-back')
  assert.deepEqual(again.draft, open.draft)
  await remy.propose(again)
  const review = await anna.openProposal(id)
  await assert.rejects(remy.withdrawProposal(id), { code: 'proposal_opened' })
  await anna.reject(review, 'test')
})

test('taking back and opening at the same moment: one of them wins', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.propose(open)
  const outcomes = await Promise.allSettled([remy.withdrawProposal(id), anna.openProposal(id)])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  const [withdrawn] = outcomes
  if (withdrawn.status === 'fulfilled') await finish(remy, id)
  else await anna.reject(await anna.openProposal(id), 'test')
})

test('a case passed on is seen and taken by that colleague only, with its draft and its notes', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.addNote(id, 'Please look at the second line.')
  await remy.saveDraft(open, { ...open.draft, claimed: 0 })
  await assert.rejects(remy.handOver(id, 'remy'), { code: 'not_a_colleague' })
  await assert.rejects(remy.handOver(id, 'nora'), { code: 'not_a_colleague' })
  await assert.rejects(remy.handOver(id, 'nobody'), { code: 'not_a_colleague' })
  await remy.handOver(id, 'bert')
  assert.deepEqual(await listed(remy, 'waiting'), [])
  assert.deepEqual(await listed(anna, 'waiting'), [])
  await assert.rejects(anna.take(id), { code: 'case_gone' })
  assert.deepEqual(await listed(bert, 'handed'), [id])
  const taken = await bert.take(id)
  assert.deepEqual(
    taken.notes.map(({ by, text }) => [by, text]),
    [['remy', 'Please look at the second line.']],
  )
  await bert.release(id)
  assert.deepEqual(await listed(anna, 'waiting'), [id], 'put back, it is everybody’s again')
  await finish(anna, id)
})

test('what a colleague did not take for three days is everybody’s again', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.handOver(id, 'bert')
  house.clockAt = new Date(house.clockAt.getTime() + 4 * 86_400_000)
  remy = await house.signIn('remy')
  anna = await house.signIn('anna')
  bert = await house.signIn('bert')
  nora = await house.signIn('nora')
  assert.deepEqual(await listed(remy, 'waiting'), [id])
  await finish(remy, id)
})

test('an escalated case is for those who hold keys, with its code', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.escalate(id, 'danger')
  assert.deepEqual([await listed(remy, 'waiting'), await listed(remy, 'handed')], [[], []])
  await assert.rejects(remy.take(id), { code: 'case_gone' })
  const { lists } = await anna.readQueue()
  assert.deepEqual(
    lists.handed.cases.map((one) => [one.id, one.escalated]),
    [[id, 'danger']],
  )
  await finish(anna, id)
})

test('whoever stepped aside never sees the case again, in hand or to decide', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.recuse(id)
  assert.deepEqual(await listed(remy, 'waiting'), [])
  await assert.rejects(remy.take(id), { code: 'recused' })
  const taken = await anna.take(id)
  await assert.rejects(anna.handOver(id, 'remy'), { code: 'not_a_colleague' })
  await anna.propose(taken)
  assert.deepEqual(await listed(remy, 'to-decide'), [])
  await assert.rejects(remy.openProposal(id), { code: 'recused' })
  await bert.openProposal(id)
  await bert.recuse(id)
  await assert.rejects(bert.openProposal(id), { code: 'recused' })
  await sql`UPDATE avow."case" SET state = 'rejected' WHERE id = ${Buffer.from(id, 'hex')}`.execute(
    house.owner,
  )
})

test('notes end with their case, and a neighbour sees none of this', async () => {
  const open = await takeNew(remy)
  const { id } = open.summary
  await remy.addNote(id, 'For the next one.')
  await assert.rejects(nora.withdrawProposal(id), { code: 'case_not_proposed' })
  await assert.rejects(nora.addNote(id, 'x'), { code: 'case_not_yours' })
  await assert.rejects(nora.recuse(id), { code: 'case_not_yours' })
  const rows = (centre: string) =>
    inCentre(house.deskDb, centre, async (tx) => {
      const notes = await sql`SELECT 1 FROM avow.note`.execute(tx)
      const recusals = await sql`SELECT 1 FROM avow.recusal`.execute(tx)
      return [notes.rows.length, recusals.rows.length > 0]
    })
  assert.deepEqual(await rows('north'), [0, false])
  assert.deepEqual(await rows('global'), [1, true])
  const { rows: kept } = await sql<{ sealed: Uint8Array }>`SELECT sealed FROM avow.note`.execute(
    house.owner,
  )
  assert.ok(!Buffer.from(kept[0]?.sealed ?? []).includes('next one'), 'sealed')
  await remy.release(id)
  await finish(anna, id)
  assert.deepEqual(await rows('global'), [0, true])
})
