import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCalendarDay } from './day.ts'
import { EVIDENCE, mayLower } from './evidence.ts'

test('evidence is lowered, never raised, and never lowered to legacy', () => {
  const allowed = EVIDENCE.flatMap((from) =>
    EVIDENCE.filter((to) => mayLower(from, to)).map((to) => `${from} → ${to}`),
  )
  assert.deepEqual(allowed, [
    'legacy → legacy',
    'relayed → relayed',
    'consented → relayed',
    'consented → consented',
    'self → relayed',
    'self → consented',
    'self → self',
    'in-person → relayed',
    'in-person → consented',
    'in-person → self',
    'in-person → in-person',
  ])
})

test('a day is one that the calendar has', () => {
  const start = Date.UTC(1900, 0, 1)
  const days = new Set(
    Array.from({ length: 73_049 }, (_, i) =>
      new Date(start + i * 86_400_000).toISOString().slice(0, 10),
    ),
  )
  assert.ok(days.has('1900-01-01') && days.has('2099-12-31') && days.size === 73_049)
  for (let year = 1899; year <= 2100; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let date = 0; date <= 32; date++) {
        const pad = (number: number) => String(number).padStart(2, '0')
        const text = `${year}-${pad(month)}-${pad(date)}`
        assert.equal(isCalendarDay(text), days.has(text), text)
      }
    }
  }
})
