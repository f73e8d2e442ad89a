import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { randomBetween, randomOrder } from './random-order.ts'

const random = (length: number) => new Uint8Array(randomBytes(length))

test('an order holds every item once', () => {
  const items = Array.from({ length: 1000 }, (_, i) => i)
  assert.deepEqual(
    randomOrder(items, random).toSorted((a, b) => a - b),
    items,
  )
  assert.deepEqual(randomOrder([], random), [])
})

test('every item comes to every place about equally often', () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
  const runs = 8000
  for (let run = 0; run < runs; run++) {
    for (const [place, item] of randomOrder([0, 1, 2, 3], random).entries()) {
      const row = counts[item]
      if (row !== undefined) row[place] = (row[place] ?? 0) + 1
    }
  }
  // 2000 expected; a fair order strays more than 250 once in 10^9 runs.
  for (const count of counts.flat()) assert.ok(Math.abs(count - runs / 4) < 250, String(count))
})

test('persons of one statement are no more often neighbours than chance has it', () => {
  const items = Array.from({ length: 200 }, (_, i) => i % 20)
  let neighbours = 0
  for (let run = 0; run < 200; run++) {
    const order = randomOrder(items, random)
    neighbours += order.filter((item, i) => item === order[i + 1]).length
  }
  // Of 199 pairs, 9 in 199 are of one statement.
  const expected = 200 * 9
  assert.ok(Math.abs(neighbours - expected) < 300, String(neighbours))
})

test('a number is between its bounds, both included, and without bias', () => {
  const drawn = Array.from({ length: 6000 }, () => randomBetween(6, 8, random))
  assert.deepEqual(new Set(drawn), new Set([6, 7, 8]))
  for (const value of [6, 7, 8]) {
    const count = drawn.filter((each) => each === value).length
    assert.ok(Math.abs(count - 2000) < 300, `${value}: ${count}`)
  }
  assert.equal(randomBetween(5, 5, random), 5)
})

test('bytes that would favour small numbers are drawn again', () => {
  const bytes = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]
  const fixed = (length: number) => Uint8Array.from({ length }, (_, i) => bytes[i % 8] ?? 0)
  assert.equal(randomBetween(0, 2, fixed), 1)
})
