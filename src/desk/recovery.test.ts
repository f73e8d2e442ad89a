import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { combine } from 'shamir-secret-sharing'
import {
  type DeskHouse,
  exampleSubmission,
  openDeskHouse,
  PUBLIC_URL,
} from '../../test/support/desk-house.ts'
import { proveKeyOfDay, verifyCentreEntry } from '../sealing/centre-entry.ts'
import { verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import { deriveRecoveryKeys, openRecovery } from '../sealing/recovery.ts'
import type { RecoveryShare } from '../sealing/recovery-share.ts'
import type { Desk } from './client/desk-client.ts'
import { joinShares, makeShares, readShare, shareWords } from './client/recovery-shares.ts'

let house: DeskHouse
let anna: Desk
let bert: Desk
let shares: readonly RecoveryShare[]
before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  bert = await house.keyHolder('bert')
  await anna.refreshDirectory()
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
async function signAll(by: Desk): Promise<void> {
  for (const change of await by.listPending()) {
    if (change.refusal === null) await by.sign(change)
  }
}
async function recoveryFile(): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{ sealed: Uint8Array }>`
    SELECT sealed FROM avow.recovery_file`.execute(house.owner)
  return rows[0]?.sealed
}
async function entriesNow(): Promise<readonly DirectoryEntry[]> {
  const { rows } = await sql<DirectoryEntry>`
    SELECT body, signatures FROM avow.directory_change ORDER BY seq`.execute(house.owner)
  return rows
}

test('a share survives paper in three languages, and a slip is named', async () => {
  const { shares: made } = await makeShares(random, 2, 3)
  const [share] = made
  assert.ok(share)
  for (const language of ['en', 'zh-hans', 'zh-hant'] as const) {
    const words = shareWords(share, language)
    assert.equal(words.length, 24)
    assert.deepEqual(readShare(words.join(' ')), { state: 'share', share }, language)
  }
  const words = shareWords(share, 'en')
  const fourth = words[3] ?? ''
  const slip = readShare(words.with(3, `${fourth}q`).join(' '))
  assert.ok(slip.state === 'unknown-word')
  assert.equal(slip.place, 4)
  assert.ok(slip.nearest.includes(fourth))
  assert.deepEqual(readShare(words.slice(1).join(' ')), { state: 'word-count', count: 23 })
  let caught = 0
  for (const other of ['abandon', 'zoo', 'lunar', 'orbit', 'paper', 'quick']) {
    const read = readShare(words.with(7, other).join(' '))
    if (read.state === 'wrong-word') caught++
  }
  assert.ok(caught >= 4, 'the checksum finds all but one in 256')
})

test('fewer shares than needed give nothing, and shares of two splittings do not mix', async () => {
  const { keys, shares: three } = await makeShares(random, 3, 5)
  const { shares: others } = await makeShares(random, 3, 5)
  const pick = (...numbers: number[]) => three.filter(({ number }) => numbers.includes(number))
  assert.equal((await joinShares(pick(1, 3, 5))).recipient, keys.recipient)
  assert.equal((await joinShares(pick(2, 4, 5))).recipient, keys.recipient)
  await assert.rejects(joinShares(pick(1, 3)), { code: 'too_few_shares' })
  await assert.rejects(joinShares([...pick(1, 3), ...others.slice(4)]), { code: 'mixed_shares' })
  await assert.rejects(joinShares([...pick(1, 3), ...pick(3)]), { code: 'mixed_shares' })
  // Without our count: two shares joined as if they were enough are another secret.
  const two = pick(1, 3).map(({ points, coordinate }) => Uint8Array.of(...points, coordinate))
  const guessed = await deriveRecoveryKeys(await combine(two))
  assert.notEqual(guessed.recipient, keys.recipient)
  const pretended = pick(1, 3).map((share) => ({ ...share, needed: 2 }))
  await assert.rejects(joinShares(pretended), { code: 'mixed_shares' })
  await assert.rejects(makeShares(random, 1, 3), { code: 'bad_request' })
})

test('a splitting counts when two key holders signed, and rehearsing it keeps nothing', async () => {
  shares = await anna.splitRecovery(2, 3)
  await assert.rejects(anna.rehearseRecovery(shares.slice(1)), { code: 'old_shares' })
  await signAll(bert)
  await anna.refreshDirectory()
  await anna.rehearseRecovery(shares.slice(1))
  await assert.rejects(anna.rehearseRecovery(shares.slice(2)), { code: 'too_few_shares' })
})

test('the file follows the keys: a new one is in it, a closed one is not', async () => {
  const keys = await joinShares(shares)
  const months = async () => {
    const file = await recoveryFile()
    assert.ok(file)
    const { centreIdentities } = await openRecovery(file, keys.identity)
    return centreIdentities.map(({ month }) => month)
  }
  assert.deepEqual(await months(), ['2026-03'])
  house.clockAt = new Date('2026-04-01T10:00:00Z')
  anna = await house.signIn('anna')
  bert = await house.signIn('bert')
  await anna.makeCentreKey('global', '2026-04')
  await signAll(bert)
  assert.deepEqual(await months(), ['2026-03', '2026-04'])
  house.clockAt = new Date('2026-04-04T10:00:00Z')
  anna = await house.signIn('anna')
  bert = await house.signIn('bert')
  await anna.closeMonth('global', '2026-03')
  await signAll(bert)
  assert.deepEqual(await months(), ['2026-04'])
})

test('without the recovery key nobody gets the file, and nobody founds anew', async () => {
  const stranger = await makeShares(random, 2, 2)
  await assert.rejects(house.newClient().recover(stranger.shares, PUBLIC_URL, 'global'), {
    code: 'change_refused',
  })
  assert.ok(await recoveryFile())
})

test('all key holders are lost: enough shares make two new ones, and a waiting case is opened', async () => {
  await house.send(exampleSubmission())
  const client = house.newClient()
  await assert.rejects(client.recover(shares.slice(2), PUBLIC_URL, 'global'), {
    code: 'too_few_shares',
  })
  const links = await client.recover(shares.slice(1), PUBLIC_URL, 'global')
  assert.equal(links.length, 2)
  assert.equal(await recoveryFile(), undefined, 'what was used is gone')
  await assert.rejects(client.recover(shares, PUBLIC_URL, 'global'), { code: 'change_refused' })
  const [first = '', second = ''] = links
  const clara = await house.newClient().unlock('clara', await house.join(first, 'clara'))
  const dora = await house.newClient().unlock('dora', await house.join(second, 'dora'))
  await clara.refreshDirectory()

  const [waiting] = (await clara.readQueue()).lists.waiting.cases
  assert.ok(waiting)
  assert.equal((await clara.take(waiting.id)).submissions.length, 1)
  await clara.release(waiting.id)
  for (const lost of ['anna', 'bert']) {
    await clara.revoke(lost)
    await signAll(dora)
    await clara.refreshDirectory()
  }
  assert.deepEqual([...clara.state.directory.volunteers.keys()], ['clara', 'dora'])
  await assert.rejects(anna.readQueue(), { code: 'locked' })

  // Pages that carry a path instead of the chain follow it through the recovery.
  await clara.makeCentreKey('global', '2026-05')
  await signAll(dora)
  const entries = await entriesNow()
  const directory = verifyDirectory(entries, 'localhost/test', house.rootPublicKey)
  const proof = proveKeyOfDay(directory, entries, 'global', '2026-05-02')
  assert.ok(proof)
  const expected = {
    register: 'localhost/test',
    centre: 'global',
    rootPublicKey: house.rootPublicKey,
  }
  assert.equal(verifyCentreEntry(proof, expected).month, '2026-05')
  const without = proof.filter(({ body }) => !/\nrecovery /.test(body))
  assert.equal(without.length, proof.length - 1)
  assert.throws(() => verifyCentreEntry(without, expected), { code: 'bad_signature' })
})
