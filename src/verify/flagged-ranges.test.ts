import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Flagging, flagTimelines } from './flagged-ranges.ts'

/** The last word on each declaration, where all flaggings are of one tally. */
function flaggedLookup(flaggings: readonly Flagging[]): (index: number) => boolean {
  const timeline = flagTimelines(new Map([[0, flaggings]]))
  return (index) => timeline(index).at(-1)?.flagged ?? false
}

const range = fc
  .tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 20 }))
  .map(([first, length]) => ({ first, end: first + length }))
const flagging = fc.record({ flagged: fc.boolean(), ranges: fc.array(range, { maxLength: 4 }) })

test('the last flag or unflag over a declaration decides', () => {
  fc.assert(
    fc.property(fc.array(flagging, { maxLength: 12 }), (flaggings) => {
      const isFlagged = flaggedLookup(flaggings)
      for (let index = 0; index < 70; index++) {
        assert.equal(isFlagged(index), flaggedOneByOne(flaggings, index), `declaration ${index}`)
      }
    }),
    { numRuns: process.env['SLOW'] === '1' ? 5000 : 500 },
  )
})

test('at every tally a declaration is flagged as the last flag or unflag before it says', () => {
  fc.assert(
    fc.property(fc.array(fc.array(flagging, { maxLength: 4 }), { maxLength: 5 }), (tallies) => {
      const timeline = flagTimelines(new Map(tallies.entries()))
      for (let index = 0; index < 70; index++) {
        const changes = timeline(index)
        for (const tally of tallies.keys()) {
          const said = changes.findLast(({ from }) => from <= tally)?.flagged ?? false
          const before = tallies.slice(0, tally + 1).flat()
          assert.equal(said, flaggedOneByOne(before, index), `${index} at ${tally}`)
        }
        assert.ok(changes.every(({ flagged }, i) => flagged === (i % 2 === 0)))
      }
    }),
    { numRuns: process.env['SLOW'] === '1' ? 5000 : 300 },
  )
})

test('indices may be left out while they ascend', () => {
  const isFlagged = flaggedLookup([{ flagged: true, ranges: [{ first: 10, end: 20 }] }])
  assert.deepEqual([5, 15, 25].map(isFlagged), [false, true, false])
})

test('a quarter of a million ranges over each other are painted once', () => {
  // Painting each range over all stretches it covers would take 60 thousand million steps.
  const size = 250_000
  const flaggings = Array.from({ length: size }, (_, i) => ({
    flagged: i % 2 === 0,
    ranges: [{ first: i, end: 2 * size - i }],
  }))
  const isFlagged = flaggedLookup(flaggings)
  assert.equal(isFlagged(0), true)
  assert.equal(isFlagged(1), false)
  assert.equal(isFlagged(size - 2), true)
  assert.equal(isFlagged(size - 1), false)
  assert.equal(isFlagged(2 * size), false)
})

function flaggedOneByOne(flaggings: readonly Flagging[], index: number): boolean {
  const over = flaggings.filter(({ ranges }) =>
    ranges.some(({ first, end }) => first <= index && index < end),
  )
  return over.at(-1)?.flagged ?? false
}
