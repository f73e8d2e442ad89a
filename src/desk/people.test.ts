import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type DeskHouse, openDeskHouse, PUBLIC_URL } from '../../test/support/desk-house.ts'
import type { Desk } from './client/desk-client.ts'

let house: DeskHouse
let anna: Desk
before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  await house.keyHolder('bert')
  await anna.refreshDirectory()
  await anna.makeCentreKey('north')
  await house.signAll(anna)
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

async function countOf(table: 'account' | 'handed_key' | 'applicant', name: string) {
  const { rows } = await sql`SELECT 1 FROM ${sql.table(`avow.${table}`)}
    WHERE volunteer = ${name}`.execute(house.owner)
  return rows.length
}

test('one click suspends, the session ends with it, and two people lift it', async () => {
  const carla = await house.admitted(anna, 'carla')
  await carla.readQueue()
  assert.equal(await anna.suspend('carla'), 'done')
  await assert.rejects(carla.readQueue(), { code: 'locked' })
  assert.ok(anna.state.directory.suspendedVolunteers.has('carla'))
  await anna.restore('carla')
  assert.ok(anna.state.directory.suspendedVolunteers.has('carla'), 'not by one')
  await house.signAll(anna)
  assert.ok(anna.state.directory.volunteers.has('carla'))
  await assert.rejects(carla.readQueue(), { code: 'locked' }, 'the old session stays ended')
})

test('a key holder is suspended by two others, and never down to one', async () => {
  assert.equal(await anna.suspend('bert').catch(({ code }) => code), 'change_refused')
  await house.admitted(anna, 'third', 'global', ['key-holder'])
  assert.equal(await anna.suspend('third'), 'proposed')
  assert.ok(anna.state.directory.volunteers.has('third'))
  await house.signAll(anna)
  assert.ok(anna.state.directory.suspendedVolunteers.has('third'))
})

test('whoever moves to another centre opens its cases and keeps no key of the old one', async () => {
  const mona = await house.admitted(anna, 'mona')
  await anna.edit('mona', { roles: ['reviewer'], centre: 'north' })
  await house.signAll(anna)
  await assert.rejects(mona.readQueue(), { code: 'locked' })
  const again = await house.signIn('mona')
  assert.deepEqual(
    again.state.keyring.centreIdentities.map(({ centre }) => centre),
    ['north'],
  )
  assert.equal(again.state.volunteer.centre, 'north')
})

test('a proposal taken back is gone with the keys that waited with it', async () => {
  await anna.makeCentreKey('north')
  const [waiting] = await anna.listPending()
  assert.ok(waiting)
  const pendingKeys = () =>
    sql`SELECT 1 FROM avow.handed_key WHERE pending IS NOT NULL`.execute(house.owner)
  assert.ok((await pendingKeys()).rows.length > 0)
  await anna.discard(waiting)
  assert.equal((await pendingKeys()).rows.length, 0)
  assert.deepEqual(await anna.listPending(), [])
})

test('lost keys: the same name with new ones, and what was sealed to the old is deleted', async () => {
  await house.admitted(anna, 'lost')
  await anna.suspend('lost')
  await anna.makeCentreKey('global')
  await house.signAll(anna)
  const oldKey = anna.state.directory.suspendedVolunteers.get('lost')?.recipient
  const stranger = await anna.invite(PUBLIC_URL, { roles: ['reviewer'], centre: 'global' })
  await assert.rejects(house.join(stranger, 'lost'), { code: 'name_taken' }, 'not by any link')
  const words = await house.join(await anna.inviteAgain(PUBLIC_URL, 'lost'), 'lost')
  const applicant = (await anna.listApplicants()).find(({ volunteer }) => volunteer === 'lost')
  assert.ok(applicant)
  await anna.admit(applicant)
  assert.equal((await anna.listPending())[0]?.kind, 'renew')
  await house.signAll(anna)
  const entry = anna.state.directory.volunteers.get('lost')
  assert.ok(entry && entry.recipient !== oldKey)
  assert.deepEqual([await countOf('account', 'lost'), await countOf('applicant', 'lost')], [1, 0])
  const found = await house.newClient().unlock('lost', words)
  assert.ok(found.state.keyring.centreIdentities.length > 0)
})

test('whoever is taken out leaves no account and no key', async () => {
  await house.admitted(anna, 'leaver')
  await anna.revoke('leaver')
  assert.equal(await countOf('account', 'leaver'), 1, 'suspended at once, gone with the second')
  await house.signAll(anna)
  assert.deepEqual(
    [await countOf('account', 'leaver'), await countOf('handed_key', 'leaver')],
    [0, 0],
  )
})

test('a coordinator proposes the next key of their centre and nothing else', async () => {
  const cora = await house.admitted(anna, 'cora', 'north', ['coordinator'])
  await cora.makeCentreKey('north')
  assert.equal((await anna.listPending())[0]?.proposedBy, 'cora')
  await assert.rejects(cora.suspend('anna'), { code: 'change_refused' })
  await assert.rejects(cora.listApplicants(), { code: 'not_allowed' })
  assert.deepEqual(
    (await cora.listMonths()).months.map(({ centre }) => centre),
    ['north'],
  )
  await house.signAll(cora)
  assert.equal((await cora.listPending()).length, 0)
})
