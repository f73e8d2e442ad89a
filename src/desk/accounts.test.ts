import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import {
  type DeskHouse,
  exampleSubmission,
  openDeskHouse,
  PUBLIC_URL,
} from '../../test/support/desk-house.ts'
import type { Desk } from './client/desk-client.ts'

let house: DeskHouse
let anna: Desk
let annaWords = ''
before(async () => {
  house = await openDeskHouse()
  annaWords = await house.join(house.invitations[0] ?? '', 'anna')
  await house.join(house.invitations[1] ?? '', 'bert')
  anna = await house.newClient().unlock('anna', annaWords)
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

/** Her session has ended with the jump of the clock. */
async function annaReturnsAt(time: string): Promise<void> {
  house.clockAt = new Date(time)
  anna = await house.newClient().unlock('anna', annaWords)
}

const invite = () => anna.invite(PUBLIC_URL, { roles: ['reviewer'], centre: 'global' })
const json = { 'content-type': 'application/json', host: '127.0.0.1:8080' }

test('an invitation works once', async () => {
  const link = await invite()
  await house.join(link, 'once')
  await assert.rejects(house.join(link, 'twice'), { code: 'invitation_gone' })
})

test('a name that is in use leaves the invitation as it was', async () => {
  const link = await invite()
  await assert.rejects(house.join(link, 'anna'), { code: 'name_taken' })
  await house.join(link, 'not-anna')
})

test('an applicant cannot sign in before two key holders signed', async () => {
  const words = await house.join(await invite(), 'early')
  await assert.rejects(house.newClient().unlock('early', words), { code: 'not_admitted' })
  const applicant = (await anna.listApplicants()).find(({ volunteer }) => volunteer === 'early')
  assert.ok(applicant)
  await anna.admit(applicant)
  await assert.rejects(house.newClient().unlock('early', words), { code: 'not_admitted' })
  await house.signAll(anna)
  const early = await house.newClient().unlock('early', words)
  await house.send(exampleSubmission())
  const [first] = (await early.readQueue()).lists.waiting.cases
  assert.ok(first)
  assert.equal((await early.take(first.id)).submissions.length, 1, 'the centre key was handed over')
  await early.release(first.id)
})

test('a refused applicant is gone and the name is free', async () => {
  await house.join(await invite(), 'refused')
  const applicant = (await anna.listApplicants()).find(({ volunteer }) => volunteer === 'refused')
  assert.ok(applicant)
  await anna.refuse(applicant)
  await house.join(await invite(), 'refused')
})

test('wrong words and unknown names are refused alike, and the right words still work after', async () => {
  const words = await house.join(await invite(), 'typist')
  const applicant = (await anna.listApplicants()).find(({ volunteer }) => volunteer === 'typist')
  assert.ok(applicant)
  await anna.admit(applicant)
  await house.signAll(anna)
  for (const name of ['typist', 'nobody-at-all']) {
    await assert.rejects(house.newClient().unlock(name, 'seven wrong words for a bad start'), {
      code: 'wrong_passphrase',
    })
  }
  await house.newClient().unlock('typist', words)
})

test('a volunteer who was taken out is out at once, and their name is never given again', async () => {
  const leaver = await house.admitted(anna, 'leaver')
  await leaver.readQueue()
  await anna.revoke('leaver')
  await assert.rejects(leaver.readQueue(), { code: 'locked' })
  await assert.rejects(house.join(await invite(), 'leaver'), { code: 'name_taken' })
})

test('a case in the hands of somebody who is taken out, or who forgot it, waits for others again', async () => {
  const holder = await house.admitted(anna, 'holder')
  await house.send(exampleSubmission())
  const [one] = (await holder.readQueue()).lists.waiting.cases
  assert.ok(one)
  const open = await holder.take(one.id)
  await holder.saveDraft(open, { ...open.draft, claimed: 0 })
  await anna.revoke('holder')
  assert.ok((await anna.readQueue()).lists.waiting.cases.some(({ id }) => id === one.id))
  await anna.take(one.id)
  await annaReturnsAt('2026-03-04T23:00:00Z')
  assert.equal((await anna.readQueue()).lists.mine.cases.length, 1, 'two days are not forgotten')
  await annaReturnsAt('2026-03-05T01:00:00Z')
  assert.equal((await anna.readQueue()).lists.mine.cases.length, 0)
})

test('a further key holder is admitted like everybody, and can be the second to sign', async () => {
  const third = await house.admitted(anna, 'third', 'global', ['key-holder', 'reviewer'])
  await anna.refreshDirectory()
  await anna.makeCentreKey('east')
  await third.refreshDirectory()
  const [change] = await third.listPending()
  assert.ok(change)
  assert.deepEqual([change.kind, change.proposedBy, change.refusal], ['centre-new', 'anna', null])
  assert.equal((await anna.listPending())[0]?.refusal, 'own')
  await assert.rejects(anna.sign(change), { code: 'untrusted_proposal' })
  await third.sign(change)
  await anna.refreshDirectory()
  assert.ok(anna.state.directory.centres.has('east'))
  await assert.rejects(third.sign(change), { code: 'change_gone' })
})

test('a new centre key reaches whoever is in the centre, and old cases still open', async () => {
  const reader = await house.admitted(anna, 'reader')
  await house.send(exampleSubmission())
  await annaReturnsAt('2026-04-01T10:00:00Z')
  await anna.makeCentreKey('global')
  await house.signAll(anna)
  const words = await house.join(await invite(), 'later')
  await house.send(exampleSubmission())
  assert.equal(reader.state.keyring.centreIdentities.length, 1)
  const applicant = (await anna.listApplicants()).find(({ volunteer }) => volunteer === 'later')
  assert.ok(applicant)
  await anna.admit(applicant)
  await house.signAll(anna)
  const later = await house.newClient().unlock('later', words)
  const months = later.state.keyring.centreIdentities.map(({ month }) => month)
  assert.deepEqual(months.toSorted(), ['2026-03', '2026-04'])
  for (const { id } of (await later.readQueue()).lists.waiting.cases) {
    assert.equal((await later.take(id)).submissions.length, 1)
    await later.release(id)
  }
})

test('a change needs our origin and JSON, a look needs a session', async () => {
  const body = JSON.stringify({ volunteer: 'anna', loginProof: 'ab'.repeat(32) })
  const post = (headers: Record<string, string>) =>
    house.request('/desk/api/login', { method: 'POST', headers, body })
  const codeOf = async (response: Response) => (await response.json()).code
  assert.equal(await codeOf(await post(json)), 'wrong_origin')
  assert.equal(await codeOf(await post({ ...json, origin: 'http://evil.example' })), 'wrong_origin')
  assert.equal(await codeOf(await post({ ...json, origin: 'null' })), 'wrong_origin')
  const form = { ...json, origin: PUBLIC_URL, 'content-type': 'text/plain' }
  assert.equal(await codeOf(await post(form)), 'bad_request')
  assert.equal(await codeOf(await post({ ...json, origin: PUBLIC_URL })), 'wrong_passphrase')
  const look = await house.request('/desk/api/queue')
  assert.equal(look.status, 401)
  assert.equal(look.headers.get('cache-control'), 'no-store')
  assert.equal((await house.request('/desk/api/nothing')).status, 404)
})

test('what does not fit is refused by the names of its fields and leaves nothing', async () => {
  const headers = { ...json, origin: PUBLIC_URL }
  for (const body of [
    '',
    '[]',
    '{"volunteer":"a"}',
    '{"volunteer":"A B","loginProof":"00"}',
    '\xff',
  ])
    assert.equal(
      (await house.request('/desk/api/login', { method: 'POST', headers, body })).status,
      400,
      body,
    )
  const huge = JSON.stringify({ volunteer: 'a', loginProof: 'x'.repeat(2_000_000) })
  const refused = await house.request('/desk/api/login', { method: 'POST', headers, body: huge })
  assert.equal(refused.status, 413)
})

test('the account holds a hash of the proof and an age file, and neither the words nor a name', async () => {
  const { rows } = await sql<{ login_hash: Buffer; keyring: Buffer }>`
    SELECT login_hash, keyring FROM avow.account WHERE volunteer = 'anna'`.execute(house.owner)
  assert.equal(rows[0]?.login_hash.length, 32)
  assert.ok(rows[0]?.keyring.toString('latin1').startsWith('age-encryption.org/v1\n-> scrypt'))
})
