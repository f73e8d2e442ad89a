import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { generateAlias, parseAliasWords } from '../../src/declaration/alias.ts'
import { contentPath } from '../../src/declaration/content.ts'
import { openRegisterHouse, type RegisterHouse } from '../support/register-house.ts'
import {
  act,
  signWish,
  submitAct,
  submitMessage,
  TestReceipt,
  viewReceipt,
} from '../support/test-receipt.ts'

const TEXT = { kind: 'own', language: 'en', text: 'Made-up words of one person.' } as const

async function contentOf(house: RegisterHouse, bundle = 0): Promise<string> {
  return readFile(join(house.publicFolder, contentPath(bundle)), 'utf8')
}

test('a withdrawal takes text, name and about off every file, and its event says so', async () => {
  await using house = await openRegisterHouse()
  const erasedBefore: string[] = []
  await using publisher = await house.start({
    onErased: async () => {
      erasedBefore.push(await readFile(join(house.publicFolder, 'log/latest'), 'utf8'))
    },
  })
  const receipt = new TestReceipt()
  await house.approve([{ text: TEXT, persons: [{ name: 'Made Up', receipt }] }])
  const { declarations } = await publisher.runRound()
  const shown = await contentOf(house)
  const [, textId = ''] = /"text":"([0-9a-f]{32})"/.exec(shown) ?? []
  assert.match(shown, /Made Up/)
  assert.equal(await act(house, receipt, { kind: 'withdraw' }), 'accepted')
  const before = await readFile(join(house.publicFolder, 'log/latest'), 'utf8')
  const pair = await publisher.runRound()
  assert.deepEqual(erasedBefore, [before])
  assert.equal(pair.declarations.size, declarations.size)
  assert.equal(await contentOf(house), '')
  assert.equal(existsSync(join(house.publicFolder, 'content/texts', textId)), false)
  const { tally } = await house.check()
  assert.deepEqual(
    tally.parts.map(({ state, count }) => [state, count]),
    [['withdrawn', 1]],
  )
  const seen = await viewReceipt(house, receipt.lookup)
  assert.deepEqual([seen.state, seen.seq, seen.withdrawn, seen.pending], ['withdrawn', 1, true, 0])
})

test('what was hidden is published later, taken down again, and a shared text goes with its last member', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [hidden, shared] = [new TestReceipt(), new TestReceipt()]
  await house.approve([
    {
      text: TEXT,
      persons: [
        { name: 'Made Up', hideText: true, hideName: true, receipt: hidden },
        { receipt: shared },
        {},
      ],
    },
  ])
  await publisher.runRound()
  assert.doesNotMatch(await contentOf(house), /Made Up/)
  await act(house, hidden, { kind: 'publish-text' })
  await act(house, shared, { kind: 'take-down-text' })
  await publisher.runRound()
  const { opened } = await house.check()
  assert.deepEqual(opened, { body: 2, name: 0, about: 3 })
  await act(house, hidden, { kind: 'publish-name' })
  await publisher.runRound()
  assert.match(await contentOf(house), /"value":"Made Up"/)
  await act(house, hidden, { kind: 'withdraw' })
  await publisher.runRound()
  assert.deepEqual((await house.check()).opened, { body: 1, name: 0, about: 2 })
  await act(house, hidden, { kind: 'restore' })
  await publisher.runRound()
  const restored = await house.check()
  assert.deepEqual(restored.opened, { body: 1, name: 0, about: 2 })
  assert.deepEqual(
    restored.tally.parts.map(({ state, count }) => [state, count]),
    [['standing', 3]],
  )
})

test('a new name is a generated alias or nothing, and organisations are those of the form', async () => {
  await using house = await openRegisterHouse()
  const words = new URL('../../registers/quit-ccp/alias.json', import.meta.url)
  const aliasWords = parseAliasWords(await readFile(words, 'utf8'))
  await using publisher = await house.start({ aliasWords })
  const receipt = new TestReceipt()
  await house.approve([{ text: null, persons: [{ name: 'Made Up', receipt }] }])
  await publisher.runRound()
  await act(house, receipt, { kind: 'alias', alias: 'Another Person' })
  await publisher.runRound()
  assert.match(await contentOf(house), /Made Up/)
  assert.deepEqual(await refusedActs(house), ['act_refused'])
  const alias = generateAlias(aliasWords, 'en', (length) => new Uint8Array(randomBytes(length)))
  await act(house, receipt, { kind: 'alias', alias })
  await act(house, receipt, { kind: 'organisations', orgs: ['league'] })
  await publisher.runRound()
  const content = await contentOf(house)
  assert.ok(content.includes(alias) && !content.includes('Made Up'))
  const { tally } = await house.check()
  assert.deepEqual(
    tally.parts.map(({ orgs, count }) => [orgs, count]),
    [['league', 1]],
  )
})

test('a new receipt takes over, and the old one does nothing any more', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [old, heir] = [new TestReceipt(), new TestReceipt()]
  await house.approve([{ text: TEXT, persons: [{ receipt: old }] }])
  await publisher.runRound()
  await act(house, old, { kind: 'rekey', receipt: heir.bytes })
  await publisher.runRound()
  assert.equal((await viewReceipt(house, old.lookup)).state, 'unknown')
  const seen = await viewReceipt(house, heir.lookup)
  assert.deepEqual([seen.state, seen.seq], ['published', 1])
  heir.inherit(old)
  await act(house, heir, { kind: 'confirm' })
  await publisher.runRound()
  const { tally } = await house.check()
  assert.deepEqual(
    tally.parts.map(({ confirmed, count }) => [confirmed, count]),
    [[true, 1]],
  )
})

test('acts that prove nothing are counted by their code and change nothing', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [mine, other] = [new TestReceipt(), new TestReceipt()]
  await house.approve([{ text: TEXT, persons: [{ receipt: mine }, { receipt: other }] }])
  const before = await publisher.runRound()
  const withdrawal = await signWish(house, mine, { kind: 'withdraw' })
  const forged = { ...withdrawal.event.by, signature: new Uint8Array(64) }
  const confirm = await signWish(house, mine, { kind: 'confirm' })
  await submitAct(house, { ...withdrawal, event: { ...withdrawal.event, by: forged } })
  await submitAct(house, { ...withdrawal, lookup: other.secrets.lookupId })
  await submitMessage(house, Buffer.from('not an act'), mine.lookup)
  await submitAct(house, { ...confirm, origin: 'localhost/other/log/declarations' })
  assert.deepEqual(await publisher.runRound(), before)
  assert.deepEqual(await refusedActs(house), ['act_refused', 'bad_act', 'bad_item'])
  assert.equal((await viewReceipt(house, mine.lookup)).pending, 0)
  await house.check()
})

test('the acts of a day go together, a withdrawal within a day, what is urgent at once and alone', async () => {
  await using house = await openRegisterHouse()
  const { config } = house.deps()
  const acts = { minActs: 3, maxDays: 7, withdrawHours: 24 }
  await using publisher = await house.start({ config: { ...config, acts } })
  const receipts = Array.from({ length: 5 }, () => new TestReceipt())
  const [a, b, c, d, e] = receipts
  assert.ok(a && b && c && d && e)
  await house.approve([{ text: TEXT, persons: receipts.map((receipt) => ({ receipt })) }])
  await publisher.runRound()
  const states = async () => {
    await publisher.runRound()
    const views = await Promise.all(receipts.map(({ lookup }) => viewReceipt(house, lookup)))
    return views.map(({ seq }) => seq).join('')
  }
  await act(house, a, { kind: 'confirm' })
  await act(house, b, { kind: 'withdraw' })
  assert.equal(await states(), '00000')
  await act(house, c, { kind: 'withdraw' }, 'now')
  assert.equal(await states(), '00100')
  house.clockAt = new Date('2026-03-02T00:00:00Z')
  assert.equal(await states(), '11100')
  for (const receipt of [a, d, e]) {
    await act(house, receipt, { kind: 'organisations', orgs: ['league'] })
  }
  assert.equal(await states(), '11100')
  house.clockAt = new Date('2026-03-03T09:00:00Z')
  assert.equal(await states(), '21111')
  await act(house, d, { kind: 'confirm' })
  assert.equal(await states(), '21111')
  house.clockAt = new Date('2026-03-09T09:00:00Z')
  assert.equal(await states(), '21111')
  house.clockAt = new Date('2026-03-10T09:00:00Z')
  assert.equal(await states(), '21121')
  await house.check()
})

test('who withdraws before publication is left out, and the others of the case go', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [stays, leaves] = [new TestReceipt(), new TestReceipt()]
  await house.approve([{ text: TEXT, persons: [{ receipt: stays }, { receipt: leaves }] }])
  await house.owner
    .insertInto('avow.receipt_fate')
    .values({ lookup_hash: Buffer.from(leaves.lookup, 'hex'), fate: 'withdrawn' })
    .execute()
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.equal((await viewReceipt(house, leaves.lookup)).state, 'withdrawn-before')
  assert.equal((await viewReceipt(house, stays.lookup)).state, 'published')
  await house.check()
})

test('withdrawing while the batch is made has exactly one outcome', async () => {
  await using house = await openRegisterHouse()
  const receipt = new TestReceipt()
  const answers: string[] = []
  let isFiled = false
  const withdraw = async () => {
    const { rows } = await sql<{ answer: string }>`
      SELECT avow.withdraw_unpublished(${Buffer.from(receipt.lookup, 'hex')}) AS answer`.execute(
      house.owner,
    )
    answers.push(rows[0]?.answer ?? '')
  }
  await using publisher = await house.start({
    testingOnlyAfterStep: async (log, step) => {
      if (isFiled && log === 'declarations' && [2, 7].includes(step)) await withdraw()
    },
  })
  await house.approve([{ text: TEXT, persons: [{ receipt }] }])
  await sql`
    INSERT INTO avow.receipt (lookup_hash, envelope, person, alone)
    VALUES (${Buffer.from(receipt.lookup, 'hex')}, ${randomBytes(32)}, 0, true)`.execute(
    house.owner,
  )
  isFiled = true
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.deepEqual(answers, ['published', 'published'])
  assert.deepEqual(await house.owner.selectFrom('avow.receipt_fate').selectAll().execute(), [])
  await house.check()
})

async function refusedActs(house: RegisterHouse): Promise<string[]> {
  const rows = await house.owner.selectFrom('avow.refused_act').select('code').execute()
  return rows.map(({ code }) => code).toSorted()
}
