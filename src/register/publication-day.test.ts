import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicationDay } from './publication-day.ts'

const now = new Date('2026-03-01T23:59:59.999Z')

test('entries get the day of the clock', () => {
  assert.equal(publicationDay(now, ['1970-01-01', '1970-01-01']), '2026-03-01')
  assert.equal(publicationDay(now, ['2026-03-01', '2026-02-27']), '2026-03-01')
})

test('a clock set back over midnight gives new entries the day of the newest one', () => {
  assert.equal(publicationDay(now, ['2026-03-02', '2026-03-01']), '2026-03-02')
  assert.equal(publicationDay(new Date('2026-02-28T00:00:00Z'), ['2026-03-01']), '2026-03-01')
})

test('a clock that is further behind gives its own day, so that the sequencer refuses', () => {
  assert.equal(publicationDay(now, ['2026-03-03', '2026-03-02']), '2026-03-01')
  assert.equal(publicationDay(now, ['2027-03-02']), '2026-03-01')
})
