import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentPath } from '../../src/declaration/content.ts'
import { isAct, parseEvent } from '../../src/declaration/event.ts'
import { VerifyError } from '../../src/verify/error.ts'
import { openRegisterHouse, type RegisterHouse } from '../support/register-house.ts'
import { readServedEvents } from '../support/served-events.ts'
import { act, TestReceipt, viewReceipt } from '../support/test-receipt.ts'

/** 0.1: rows are erased. 0.2: files and pages too. 8.1: what was raised is in place. The others are those of the event log. */
const STEPS = [0.1, 0.2, 2, 3, 4, 5, 6, 7.1, 7.2, 7, 8, 8.1, 9, 10]
const SHARED = { kind: 'own', language: 'en', text: 'Made-up words of two.' } as const
const ALONE = { kind: 'own', language: 'en', text: 'Made-up words of one.' } as const

for (const step of STEPS) {
  test(`a crash after step ${step} of a batch of acts loses none, repeats none and brings nothing back`, async () => {
    await using house = await openRegisterHouse()
    const [leaves, shows, confirms] = [new TestReceipt(), new TestReceipt(), new TestReceipt()]
    let armed = false
    {
      await using publisher = await house.start({
        testingOnlyAfterStep: (log, done) => {
          if (armed && log === 'events' && done === step) throw new Error('crash')
        },
      })
      await house.approve([
        { text: SHARED, persons: [{ receipt: confirms }, {}] },
        { text: ALONE, persons: [{ name: 'Made Up', receipt: leaves }] },
        { text: ALONE, persons: [{ hideText: true, receipt: shows }] },
      ])
      await publisher.runRound()
      assert.equal(await act(house, leaves, { kind: 'withdraw' }), 'accepted')
      assert.equal(await act(house, shows, { kind: 'publish-text' }), 'accepted')
      assert.equal(await act(house, confirms, { kind: 'confirm' }), 'accepted')
      armed = true
      await assert.rejects(publisher.runRound())
    }
    await requireNoOtherFinding(house)

    let rendered = 0
    await using publisher = await house.start({
      onErased: async () => {
        rendered++
      },
    })
    await publisher.runRound()
    const pair = await publisher.runRound()
    assert.deepEqual(await publisher.runRound(), pair)
    // Until it is known that the pages followed, they are made to follow again.
    assert.equal(rendered, step === 0.1 ? 1 : 0)
    const { opened, tally } = await house.check()
    assert.deepEqual(opened, { body: 3, name: 0, about: 3 })
    const parts = tally.parts.map(({ state, confirmed, count }) => [state, confirmed, count])
    assert.deepEqual(parts.toSorted(), [
      ['standing', false, 2],
      ['standing', true, 1],
      ['withdrawn', false, 1],
    ])
    const events = (await readServedEvents(house.publicFolder)).map(parseEvent)
    const acts = events.filter(isAct)
    assert.deepEqual(acts.map(({ type }) => type).toSorted(), ['confirm', 'correct', 'withdraw'])
    assert.doesNotMatch(await readFile(join(house.publicFolder, contentPath(0)), 'utf8'), /Made Up/)
    await requireNothingLeft(house)
    const seen = await viewReceipt(house, leaves.lookup)
    assert.deepEqual([seen.state, seen.pending], ['withdrawn', 0])
  })
}

/** Between an erasure and its event the part is gone already; that is all a stranger can find amiss. */
async function requireNoOtherFinding(house: RegisterHouse): Promise<void> {
  try {
    await house.check()
  } catch (error) {
    const allowed = ['part_missing', 'unexpected_file', 'part_not_shown']
    assert.ok(error instanceof VerifyError && allowed.includes(error.code), String(error))
  }
}

async function requireNothingLeft(house: RegisterHouse): Promise<void> {
  for (const table of ['avow.pending_act', 'avow.raised_part', 'avow.event_queue'] as const) {
    assert.deepEqual(await house.owner.selectFrom(table).selectAll().execute(), [], table)
  }
  const erased = await house.owner.selectFrom('avow.erasure').selectAll().execute()
  assert.deepEqual(
    erased.map(({ stage }) => stage),
    ['logged'],
  )
}
