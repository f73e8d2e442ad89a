import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentPath } from '../../src/declaration/content.ts'
import type { OrderEvent } from '../../src/declaration/order.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { openRegisterHouse, type RegisterHouse } from '../support/register-house.ts'
import { fileOrder } from '../support/test-order.ts'
import { act, TestReceipt, viewReceipt } from '../support/test-receipt.ts'

const TEXT = { kind: 'own', language: 'en', text: 'Made-up words of several.' } as const
const SPAM = { kind: 'operator', reason: 'spam', country: null } as const

async function publishedHouse(persons: number) {
  const house = await openRegisterHouse()
  const publisher = await house.start()
  const receipts = Array.from({ length: persons }, () => new TestReceipt())
  await house.approve([{ text: TEXT, persons: receipts.map((receipt) => ({ receipt })) }])
  await publisher.runRound()
  return {
    house,
    publisher,
    receipts,
    async [Symbol.asyncDispose]() {
      await publisher[Symbol.asyncDispose]()
      await house[Symbol.asyncDispose]()
    },
  }
}

async function statesOf(house: RegisterHouse): Promise<Record<string, number>> {
  const { tally } = await house.check()
  const counts: Record<string, number> = {}
  for (const { state, count } of tally.parts) counts[state] = (counts[state] ?? 0) + count
  return counts
}

function flag(type: 'flag' | 'unflag', ...ranges: { first: number; end: number }[]): OrderEvent {
  return { type, ranges, reason: 'spam' }
}

test('two people flag a range that crosses bundles, and the tally follows leaf by leaf', async () => {
  await using it = await publishedHouse(0)
  const { house, publisher } = it
  await house.approve([{ text: null, persons: Array.from({ length: 600 }, () => ({})) }])
  await publisher.runRound()
  await fileOrder(house, flag('flag', { first: 5, end: 520 }, { first: 510, end: 530 }))
  await publisher.runRound()
  assert.deepEqual(await statesOf(house), { standing: 75, flagged: 525 })
  await fileOrder(house, flag('unflag', { first: 0, end: 300 }))
  await publisher.runRound()
  assert.deepEqual(await statesOf(house), { standing: 370, flagged: 230 })
})

test('a withdrawn and flagged declaration is in the part that says both', async () => {
  await using it = await publishedHouse(2)
  const { house, publisher, receipts } = it
  await fileOrder(house, flag('flag', { first: 0, end: 2 }))
  await publisher.runRound()
  const [first] = receipts
  assert.ok(first !== undefined)
  await act(house, first, { kind: 'withdraw' })
  await publisher.runRound()
  assert.deepEqual(await statesOf(house), { flagged: 1, 'withdrawn+flagged': 1 })
  await fileOrder(house, flag('unflag', { first: 0, end: 2 }))
  await publisher.runRound()
  assert.deepEqual(await statesOf(house), { standing: 1, withdrawn: 1 })
})

test('the operator takes a text down for a reason, lowers evidence, and publishes nothing', async () => {
  await using it = await publishedHouse(1)
  const { house, publisher, receipts } = it
  const seen = await viewReceipt(house, receipts[0]?.lookup ?? '')
  const place = { index: 0, leaf: toHex(seen.leaf_hash) }
  const same = { body: null, name: null, about: null }
  await fileOrder(house, {
    type: 'redact',
    ...place,
    ...same,
    shown: { text: false, name: false },
    by: SPAM,
  })
  await fileOrder(house, {
    type: 'correct',
    ...place,
    ...same,
    shown: null,
    orgs: null,
    evidence: 'relayed',
    by: SPAM,
  })
  await publisher.runRound()
  assert.doesNotMatch(await readFile(join(house.publicFolder, contentPath(0)), 'utf8'), /body/)
  const { tally } = await house.check()
  assert.deepEqual(
    tally.parts.map(({ evidence, count }) => [evidence, count]),
    [['relayed', 1]],
  )
  const before = publisher.pair()
  await fileOrder(house, {
    type: 'correct',
    ...place,
    ...same,
    shown: { text: true, name: false },
    orgs: null,
    evidence: null,
    by: { kind: 'author-by-desk' },
  })
  assert.deepEqual(await publisher.runRound(), before)
  assert.deepEqual(await refusals(house), ['order_refused'])
})

test('an order of one person, for another register or with an unknown reason is refused', async () => {
  await using it = await publishedHouse(1)
  const { house, publisher } = it
  const before = publisher.pair()
  await fileOrder(house, flag('flag', { first: 0, end: 1 }), (approved) => ({
    ...approved,
    approvedBy: approved.proposedBy,
    approvedSignature: approved.proposedSignature,
  }))
  await fileOrder(house, flag('flag', { first: 0, end: 1 }), (approved) => ({
    ...approved,
    order: { ...approved.order, register: 'localhost/other' },
  }))
  await fileOrder(house, { type: 'flag', ranges: [{ first: 0, end: 1 }], reason: 'dislike' })
  await fileOrder(house, flag('flag', { first: 0, end: 2 }))
  assert.deepEqual(await publisher.runRound(), before)
  assert.deepEqual(await refusals(house), Array(4).fill('order_refused'))
  assert.deepEqual(await statesOf(house), { standing: 1 })
})

async function refusals(house: RegisterHouse): Promise<string[]> {
  const rows = await house.owner.selectFrom('avow.refused_item').select('code').execute()
  return rows.map(({ code }) => code)
}
