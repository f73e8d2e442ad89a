import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SequencerStopped } from '../../src/register/error.ts'
import type { LogId } from '../../src/register/log-keys.ts'
import { openRegisterHouse, ownStatement, type RegisterHouse } from '../support/register-house.ts'

const STEPS = [2, 3, 4, 5, 6, 7.1, 7.2, 7, 8]
const LOGS: readonly LogId[] = ['declarations', 'events']

/** Ends the work after this step of this log, once, as a power cut would. */
function crashAfter(log: LogId, step: number, armed = true) {
  return {
    armed,
    afterStep(doneLog: LogId, doneStep: number) {
      if (!this.armed || doneLog !== log || doneStep !== step) return
      this.armed = false
      throw new Error(`crash after step ${step} of ${log}`)
    },
  }
}

function crashing(log: LogId, step: number) {
  const crash = crashAfter(log, step)
  return { testingOnlyAfterStep: crash.afterStep.bind(crash) }
}

for (const log of LOGS) {
  for (const step of log === 'events' ? [...STEPS, 9, 10] : STEPS) {
    test(`a crash after step ${step} of ${log} shows the older pair and is finished at the next start`, async () => {
      await using house = await openRegisterHouse()
      await publish(house, ['one', 'two', 'three'])
      await house.approve([ownStatement('four'), ownStatement('five')])
      await house.approve([{ text: null, persons: [{ lookup: 'ab'.repeat(32) }] }])
      {
        const crash = crashAfter(log, step, false)
        await using publisher = await house.start({
          testingOnlyAfterStep: crash.afterStep.bind(crash),
        })
        crash.armed = true
        await assert.rejects(publisher.runRound(), SequencerStopped)
      }
      await checkReadersSeeOnePair(house)

      await using reopened = await house.start()
      assert.equal((await reopened.runRound()).declarations.size, 6)
      const { opened } = await house.check()
      assert.deepEqual(opened, { body: 5, name: 5, about: 6 })
      await requireAllPublishedOnce(house, 3)
    })

    test(`a crash after step ${step} of ${log} in the very first start is finished at the next`, async () => {
      await using house = await openRegisterHouse()
      await house.approve([ownStatement('one')])
      await assert.rejects(house.start(crashing(log, step)), SequencerStopped)
      await using publisher = await house.start()
      assert.equal((await publisher.runRound()).declarations.size, 1)
      await house.check()
    })
  }
}

test('a second crash while the first is being made good loses nothing', async () => {
  await using house = await openRegisterHouse()
  await publish(house, ['one'])
  await house.approve([ownStatement('two')])
  {
    await using publisher = await house.start(crashing('declarations', 3))
    await assert.rejects(publisher.runRound(), SequencerStopped)
  }
  for (const step of [4, 7.1, 7.2]) {
    await assert.rejects(house.start(crashing('declarations', step)))
  }
  await assert.rejects(house.start(crashing('events', 7.2)))
  await using publisher = await house.start()
  assert.equal(publisher.pair().declarations.size, 2)
  await house.check()
})

test('the publisher itself goes on after a batch that stopped in the middle', async () => {
  await using house = await openRegisterHouse()
  const crash = crashAfter('declarations', 5, false)
  await using publisher = await house.start({ testingOnlyAfterStep: crash.afterStep.bind(crash) })
  await house.approve([ownStatement('one')])
  crash.armed = true
  await assert.rejects(publisher.runRound(), SequencerStopped)
  assert.deepEqual(publisher.health(), { state: 'retrying', code: 'unexpected' })
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.deepEqual(publisher.health(), { state: 'running' })
  await house.check()
})

async function publish(house: RegisterHouse, texts: readonly string[]): Promise<void> {
  await using publisher = await house.start()
  for (const text of texts) await house.approve([ownStatement(text)])
  await publisher.runRound()
}

/** Whatever a crash leaves, a stranger who verifies the folder finds nothing wrong: it is of one pair or the next. */
async function checkReadersSeeOnePair(house: RegisterHouse): Promise<void> {
  const { pair } = await house.check()
  assert.ok([3, 6].includes(pair.declarations.size), `${pair.declarations.size} declarations`)
}

async function requireAllPublishedOnce(house: RegisterHouse, atLeast: number): Promise<void> {
  const items = await house.owner.selectFrom('avow.approved_item').select('state').execute()
  assert.ok(items.length >= atLeast)
  assert.deepEqual(new Set(items.map(({ state }) => state)), new Set(['published']))
  const staged = await house.owner.selectFrom('avow.staged_batch').selectAll().execute()
  assert.deepEqual(staged, [])
  const kept = await house.owner.selectFrom('avow.kept_opening').select('idx').execute()
  assert.equal(kept.length, 1)
}
