import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPath, newestRange, olderRange } from './declaration-list.ts'

test('at every size each entry stands on exactly one list page, and the pages are linked in a row', () => {
  for (let size = 0; size <= 420; size++) {
    let expected = size
    let range = newestRange(size)
    assert.ok(range.to - range.from < 100, `size ${size}`)
    for (;;) {
      assert.equal(range.to, expected, `size ${size}`)
      expected = range.from
      if (range.from === 0) break
      const older = olderRange(range.from, size)
      assert.ok(older !== undefined, `size ${size}: nothing before ${range.from}`)
      range = older
    }
    assert.equal(expected, 0)
  }
})

test('an older page keeps its address and its entries while the register grows', () => {
  const range = olderRange(50, 100)
  assert.deepEqual(range, { from: 0, to: 50 })
  for (const size of [101, 150, 5_000, 467_000_000]) {
    assert.deepEqual(olderRange(50, size), range)
    assert.equal(listPath('en', { from: 0, to: 50 }, size), '/en/declarations/before/50/')
  }
})

test('numbers that no page links to are no pages', () => {
  for (const before of [0, -50, 1, 49, 51, 100, 150, 1e15, Number.NaN, 0.5]) {
    assert.equal(olderRange(before, 120), undefined, String(before))
  }
})
