import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FaultCounters } from './fault-counters.ts'

function open(startsAt: string) {
  const written: string[] = []
  const time = { now: new Date(startsAt) }
  const counters = new FaultCounters({ write: (line) => written.push(line), clock: () => time.now })
  return { written, time, counters }
}

test('what visitors cause is written at the end of the hour, by its number alone', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { written, time, counters } = open('2026-03-01T10:20:30Z')
  for (let i = 0; i < 3; i++) counters.count('http', 'aborted')
  counters.count('desk', 'not_stored')
  t.mock.timers.tick(39 * 60_000)
  assert.deepEqual(written, [])
  time.now = new Date('2026-03-01T11:00:00Z')
  t.mock.timers.tick(60_000)
  assert.deepEqual(written, ['2026-03-01T10h desk: not_stored ×1, http: aborted ×3\n'])
  time.now = new Date('2026-03-01T12:00:00Z')
  t.mock.timers.tick(60 * 60_000)
  assert.equal(written.length, 1, 'an hour without faults is not mentioned')
  counters[Symbol.dispose]()
})

test('the first fault of a room of our own is said at once, the others are counted', () => {
  const { written, counters } = open('2026-03-01T10:20:30Z')
  counters.count('publisher', 'not_witnessed')
  counters.count('publisher', 'not_witnessed')
  assert.deepEqual(written, ['publisher: not_witnessed\n'])
  counters[Symbol.dispose]()
  assert.equal(written[1], '2026-03-01T10h publisher: not_witnessed ×2\n')
})
