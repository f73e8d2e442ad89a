import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addRange, coveredBy, isIn, missingFrom, type Ranges, removeRange } from './flag-ranges.ts'

const SIZE = 24
const range = fc
  .tuple(fc.nat({ max: SIZE - 1 }), fc.integer({ min: 1, max: SIZE }))
  .map(([first, length]) => ({ first, end: Math.min(SIZE, first + length) }))
const steps = fc.array(fc.record({ adds: fc.boolean(), range }), { maxLength: 12 })

function indices(ranges: Ranges): number[] {
  return ranges.flatMap(({ first, end }) =>
    Array.from({ length: end - first }, (_, i) => first + i),
  )
}

test('ranges hold exactly what was added and not removed since, in order and apart', () => {
  fc.assert(
    fc.property(steps, range, (history, asked) => {
      const expected = new Set<number>()
      let ranges: Ranges = []
      for (const { adds, range: each } of history) {
        ranges = adds ? addRange(ranges, each) : removeRange(ranges, each)
        for (const index of indices([each])) {
          if (adds) expected.add(index)
          else expected.delete(index)
        }
      }
      assert.deepEqual(
        indices(ranges),
        [...expected].toSorted((a, b) => a - b),
      )
      assert.ok(ranges.every(({ first }, i) => i === 0 || (ranges[i - 1]?.end ?? 0) < first))
      const inside = indices([asked]).filter((index) => expected.has(index))
      assert.deepEqual(indices(coveredBy(ranges, asked)), inside)
      const outside = indices([asked]).filter((index) => !expected.has(index))
      assert.deepEqual(indices(missingFrom(ranges, asked)), outside)
      assert.equal(isIn(ranges, asked.first), expected.has(asked.first))
    }),
  )
})
