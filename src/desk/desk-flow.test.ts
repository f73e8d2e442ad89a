import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { sql } from 'kysely'
import {
  type DeskHouse,
  examplePerson,
  exampleSubmission,
  openDeskHouse,
  REGISTER,
} from '../../test/support/desk-house.ts'
import { parseApprovedItem, verifyApprovedItem } from '../declaration/approved-item.ts'
import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import { generateIdentity, openWith, recipientOf } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import type { Desk } from './client/desk-client.ts'
import { DeskClientError } from './client/error.ts'

let house: DeskHouse
let anna: Desk
let bert: Desk
let publisher = ''

before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  bert = await house.keyHolder('bert')
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})
beforeEach(async () => {
  publisher = await house.startPublisher()
})

const refusedWith = (code: string) => (error: unknown) => {
  assert.ok(error instanceof DeskClientError, String(error))
  assert.equal(error.code, code)
  return true
}

/** Sends one submission and returns the case it became. */
async function newCase(submission = exampleSubmission()): Promise<string> {
  const before = new Set((await anna.readQueue()).lists.waiting.cases.map(({ id }) => id))
  await house.send(submission)
  const { lists } = await anna.readQueue()
  const made = lists.waiting.cases.find(({ id }) => !before.has(id))
  assert.ok(made)
  return made.id
}

async function proposed(by: Desk, submission = exampleSubmission()): Promise<string> {
  const id = await newCase(submission)
  await by.propose(await by.take(id))
  return id
}

async function caseRow(id: string) {
  const { rows } = await sql<{ state: string; code: string | null }>`
    SELECT state, code FROM avow."case" WHERE id = ${Buffer.from(id, 'hex')}`.execute(house.owner)
  return rows[0]
}

async function approvedItem(id: string, identity: string) {
  const { rows } = await sql<{ sealed: Buffer }>`
    SELECT sealed FROM avow.approved_item WHERE case_id = ${Buffer.from(id, 'hex')}`.execute(
    house.owner,
  )
  const [row] = rows
  assert.ok(row)
  return parseApprovedItem(unpad(await openWith([identity], row.sealed)))
}

test('what came in reaches the publisher with two signatures and nothing that was not to be shown', async () => {
  const receiptIdentity = await generateIdentity()
  const author = ed25519.getPublicKey(new Uint8Array(32).fill(7))
  const shownPerson = examplePerson()
  const hiddenPerson = examplePerson({
    name: { kind: 'real', value: 'Kept Name' },
    consents: { ...shownPerson.consents, text: false, name: false },
    receipt: {
      lookup: 'cd'.repeat(32),
      author: toBase64(author),
      age: await recipientOf(receiptIdentity),
    },
  })
  const submission = exampleSubmission({
    who: 'group',
    persons: [shownPerson, hiddenPerson],
    claimed: 3,
  })
  const id = await proposed(anna, submission)
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'publish')
  await bert.approve(review)

  const item = await approvedItem(id, publisher)
  const evidence = verifyApprovedItem(item, {
    register: REGISTER,
    findVolunteer: (name) => bert.state.directory.volunteers.get(name),
    ed25519Verify: (signature, message, key) => ed25519.verify(signature, message, key),
    sha256,
  })
  assert.equal(evidence.proposer, 'anna')
  assert.equal(evidence.decider, 'bert')
  const [statement] = item.proposal.statements
  assert.equal(statement?.declarations.length, 2)
  assert.ok(!JSON.stringify(item).includes('Kept Name'))
  assert.deepEqual(await caseRow(id), { state: 'approved', code: null })

  const hidden = statement?.declarations[1]
  const kept = await openWith([receiptIdentity], Buffer.from(hidden?.sealed ?? '', 'base64'))
  const opened = JSON.parse(Buffer.from(unpad(kept)).toString())
  assert.equal(opened.format, 'avow/kept-openings/v1')
  assert.equal(opened.author.value, toBase64(author))
  assert.equal(Buffer.from(opened.name.value, 'base64').toString(), 'Kept Name')
})

test('nobody decides on their own proposal, through the API or in SQL', async () => {
  const id = await proposed(anna)
  await assert.rejects(anna.openProposal(id), refusedWith('own_proposal'))
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'publish')
  await assert.rejects(anna.approve(review), refusedWith('own_proposal'))
  await assert.rejects(anna.reject(review, 'test'), refusedWith('own_proposal'))
  const caseId = Buffer.from(id, 'hex')
  await assert.rejects(
    sql`UPDATE avow.proposal SET decided_by = 'anna', approved_signature = signature
      WHERE case_id = ${caseId}`.execute(house.owner),
    /proposal_check/,
  )
  await house.deskDb.transaction().execute(async (tx) => {
    await sql`SELECT set_config('avow.centre', 'global', true)`.execute(tx)
    const { rows } = await sql<{ done: boolean | null }>`
      SELECT avow.reject_case(${caseId}, 'test', 'anna') AS done`.execute(tx)
    assert.equal(rows[0]?.done, null)
  })
  assert.equal((await caseRow(id))?.state, 'proposed')
})

test('of two who take one case at once one wins and the other is told', async () => {
  const id = await newCase()
  const results = await Promise.allSettled([anna.take(id), bert.take(id)])
  const [won] = results.filter((result) => result.status === 'fulfilled')
  const [lost] = results.filter((result) => result.status === 'rejected')
  assert.ok(won && lost)
  refusedWith('case_gone')(lost.reason)
  const winner = results[0]?.status === 'fulfilled' ? anna : bert
  await winner.release(id)
})

test('a volunteer holds one case at a time, and opens that one again', async () => {
  const first = await newCase()
  const second = await newCase()
  await anna.take(first)
  await assert.rejects(anna.take(second), refusedWith('case_in_hand'))
  assert.equal((await anna.take(first)).summary.id, first)
  await anna.release(first)
  await assert.rejects(anna.release(first), refusedWith('case_not_yours'))
  await anna.take(second)
  await anna.release(second)
})

test('a draft is there again after the tab was lost, for whoever has the case', async () => {
  const id = await newCase()
  const open = await anna.take(id)
  const [statement] = open.draft.statements
  assert.ok(statement)
  const text = { kind: 'own' as const, language: 'en', text: 'A made-up […].' }
  await anna.saveDraft(open, { ...open.draft, statements: [{ ...statement, text }] })
  await anna.release(id)
  const again = await bert.take(id)
  assert.deepEqual(again.draft.statements[0]?.text, text)
  await bert.release(id)
})

test('a case that came back is proposed again and then approved', async () => {
  const id = await proposed(anna)
  await bert.giveBack(await bert.openProposal(id), 'redact-more')
  const returned = (await anna.readQueue()).lists.returned.cases
  assert.deepEqual(
    returned.map((one) => [one.id, one.returnedCode]),
    [[id, 'redact-more']],
  )
  const open = await anna.take(id)
  assert.equal(open.returnedCode, 'redact-more')
  await anna.propose(open)
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'publish')
  await bert.approve(review)
  assert.equal((await caseRow(id))?.state, 'approved')
})

test('the decision is about the proposal that was seen, not about a later one', async () => {
  const id = await proposed(anna)
  const seen = await bert.openProposal(id)
  assert.ok(seen.kind === 'publish')
  await bert.giveBack(await bert.openProposal(id), 'other')
  await anna.propose(await anna.take(id))
  await assert.rejects(bert.approve(seen), refusedWith('proposal_changed'))
})

test('a rejection is the second volunteer’s act too, and takes the ciphertext with it', async () => {
  const id = await newCase()
  await anna.proposeRejection(await anna.take(id), 'advertising')
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'reject')
  assert.equal(review.code, 'advertising')
  await bert.reject(review, review.code)
  assert.deepEqual(await caseRow(id), { state: 'rejected', code: 'advertising' })
  const { rows } = await sql<{ sealed: Buffer }>`
    SELECT sealed FROM avow.envelope WHERE case_id = ${Buffer.from(id, 'hex')}`.execute(house.owner)
  assert.equal(rows[0]?.sealed.length, 0)
})

test('items sealed to a publisher key that is gone are sealed again with the same approvals', async () => {
  const id = await proposed(anna)
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'publish')
  await bert.approve(review)
  const before = await approvedItem(id, publisher)
  const restarted = await house.startPublisher()
  assert.ok((await anna.resealItems()) >= 1)
  assert.deepEqual(await approvedItem(id, restarted), before)
  assert.equal(await anna.resealItems(), 0)
})

test('every opening and decision is in the audit, by day and without content', async () => {
  const id = await proposed(anna)
  const review = await bert.openProposal(id)
  assert.ok(review.kind === 'publish')
  await bert.approve(review)
  const { rows } = await sql<{ volunteer: string; act: string; day: string }>`
    SELECT volunteer, act, day FROM avow.audit WHERE case_id = ${Buffer.from(id, 'hex')}`.execute(
    house.owner,
  )
  const acts = rows.map(({ volunteer, act, day }) => `${day} ${volunteer} ${act}`).toSorted()
  assert.deepEqual(acts, [
    '2026-03-02 anna propose',
    '2026-03-02 anna take',
    '2026-03-02 bert approve',
    '2026-03-02 bert open-proposal',
  ])
})

test('the case id follows from the envelope, so that admitting twice makes one case', async () => {
  const id = await newCase()
  const { rows } = await sql<{ id: Buffer }>`
    SELECT id FROM avow.envelope WHERE case_id = ${Buffer.from(id, 'hex')}`.execute(house.owner)
  const envelope = rows[0]?.id ?? Buffer.alloc(0)
  const digest = sha256(Buffer.concat([Buffer.from('avow/case/v1\0'), envelope]))
  assert.equal(toHex(digest.subarray(0, 16)), id)
  await sql`UPDATE avow.envelope SET case_id = NULL WHERE id = ${envelope}`.execute(house.owner)
  await anna.readQueue()
  const { rows: cases } = await sql`SELECT 1 FROM avow."case" c JOIN avow.envelope e
    ON e.case_id = c.id WHERE e.id = ${envelope}`.execute(house.owner)
  assert.equal(cases.length, 1)
})
