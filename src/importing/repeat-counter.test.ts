import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { RepeatCounter } from './repeat-counter.ts'

const digest = (of: unknown) => hash('sha256', String(of))

test('the first time is none before, each further time one more', () => {
  const counter = new RepeatCounter()
  assert.deepEqual(
    ['a', 'b', 'a', 'a', 'b'].map((one) => counter.next(digest(one))),
    [0, 0, 1, 2, 1],
  )
})

test('it counts as a map does, whatever comes and however much', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300)), fc.nat(20_000), (given, many) => {
      const counter = new RepeatCounter()
      const expected = new Map<number, number>()
      for (const one of [...Array.from({ length: many }, (_, i) => i), ...given]) {
        const before = expected.get(one) ?? 0
        expected.set(one, before + 1)
        assert.equal(counter.next(digest(one)), before)
      }
    }),
    { numRuns: 20 },
  )
})

test('a digest of zeros is counted like any other', () => {
  const counter = new RepeatCounter()
  const zeros = '0'.repeat(64)
  assert.deepEqual([counter.next(zeros), counter.next(zeros)], [0, 1])
})
