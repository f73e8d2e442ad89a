import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../../test/support/desk-house.ts'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { openWith } from '../sealing/age.ts'
import { openEpochStart } from '../sealing/epoch.ts'
import { openKeyring, stretchPassphrase } from '../sealing/keyring.ts'
import type { Desk } from './client/desk-client.ts'

let house: DeskHouse
const words = new Map<string, string>()
before(async () => {
  house = await openDeskHouse()
  for (const [i, name] of ['anna', 'bert'].entries()) {
    words.set(name, await house.join(house.invitations[i] ?? '', name))
  }
  await house.startPublisher()
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const unlock = (name: string): Promise<Desk> =>
  house.newClient().unlock(name, words.get(name) ?? '')

async function finishAll(): Promise<void> {
  const anna = await unlock('anna')
  const bert = await unlock('bert')
  for (const { id } of (await anna.readQueue()).lists.waiting.cases) {
    await anna.proposeRejection(await anna.take(id), 'test')
  }
  for (const { id } of (await bert.readQueue()).lists['to-decide'].cases) {
    await bert.reject(await bert.openProposal(id), 'test')
  }
}

/** Every identity that any account's sealed file or any handed key gives to whoever has all the passphrases. */
async function everyIdentity(): Promise<readonly string[]> {
  const accounts = await sql<{ volunteer: string; keyring: Buffer }>`
    SELECT volunteer, keyring FROM avow.account`.execute(house.owner)
  const own: string[] = []
  const found: string[] = []
  for (const { volunteer, keyring } of accounts.rows) {
    const { filePassphrase } = await stretchPassphrase(words.get(volunteer) ?? '', volunteer)
    const { identity, centreIdentities } = await openKeyring(
      Uint8Array.from(keyring),
      filePassphrase,
    )
    own.push(identity)
    found.push(identity, ...centreIdentities.map((one) => one.identity))
  }
  const handed = await sql<{ sealed: Buffer }>`SELECT sealed FROM avow.handed_key`.execute(
    house.owner,
  )
  for (const { sealed } of handed.rows) {
    const opened = await openWith(own, Uint8Array.from(sealed)).catch(() => new Uint8Array())
    found.push(
      ...(Buffer.from(opened)
        .toString('latin1')
        .match(/AGE-SECRET-KEY-PQ-1\w+/g) ?? []),
    )
  }
  return found
}

test('a month is destroyed by two people once nothing of it is unfinished, and opens for nobody', async (t) => {
  await house.send(exampleSubmission())
  const { rows } = await sql<{ sealed_start: Buffer }>`SELECT sealed_start FROM avow.epoch`.execute(
    house.owner,
  )
  const copied = toBase64(rows[0]?.sealed_start ?? new Uint8Array())
  const canOpen = async () =>
    openEpochStart(fromBase64(copied), await everyIdentity()).then(
      () => true,
      () => false,
    )
  house.clockAt = new Date('2026-03-28T10:00:00Z')
  const anna = await unlock('anna')

  await t.test(
    'next month’s key is made ahead, and everybody has it before it is used',
    async () => {
      await anna.makeCentreKey('global', '2026-04')
      await house.signAll(anna)
      const { months } = await anna.listMonths()
      assert.deepEqual(
        months.map(({ month, lastDay, unfinished }) => [month, lastDay, unfinished]),
        [
          ['2026-03', '2026-04-02', 1],
          ['2026-04', null, 1],
        ],
      )
      const bert = await unlock('bert')
      assert.equal(bert.state.keyring.centreIdentities.length, 2)
    },
  )

  await t.test('not while its key may be in use', async () => {
    await assert.rejects(anna.closeMonth('global', '2026-03'), { code: 'month_in_use' })
  })

  house.clockAt = new Date('2026-04-03T10:00:00Z')
  await t.test('not while one case of it is open, even if its proposer says so', async () => {
    const desk = await unlock('anna')
    await assert.rejects(desk.closeMonth('global', '2026-03'), { code: 'month_in_use' })
    assert.equal(await canOpen(), true, 'until then it does open')
  })

  await t.test('a case that came between the two signatures keeps it open', async () => {
    await finishAll()
    const desk = await unlock('anna')
    await desk.closeMonth('global', '2026-03')
    await sql`UPDATE avow."case" SET state = 'waiting'`.execute(house.owner)
    await assert.rejects(house.signAll(desk), { code: 'month_in_use' })
    await sql`UPDATE avow."case" SET state = 'rejected'`.execute(house.owner)
  })

  await t.test('and then nothing opens it: no keyring, no handed key', async () => {
    const desk = await unlock('anna')
    await house.signAll(desk)
    assert.equal(desk.state.directory.centres.get('global')?.closedThrough, '2026-03')
    const before = (await desk.listMonths()).closed[0]
    assert.equal(before?.keyrings, 1, 'who did not sign has not sealed again yet')
    const fresh = await unlock('anna')
    await unlock('bert')
    assert.deepEqual((await fresh.listMonths()).closed[0]?.keyrings, 0)
    assert.deepEqual(
      fresh.state.keyring.centreIdentities.map(({ month }) => month),
      ['2026-04'],
    )
    assert.equal((await everyIdentity()).length > 2, true, 'there are keys to try')
    assert.equal(await canOpen(), false)
  })

  await t.test('what came after is as readable as before', async () => {
    await house.send(exampleSubmission())
    const desk = await unlock('anna')
    const [first] = (await desk.readQueue()).lists.waiting.cases
    assert.ok(first)
    assert.equal((await desk.take(first.id)).submissions.length, 1)
    await desk.release(first.id)
  })
})
