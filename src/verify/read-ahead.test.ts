import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAhead } from './read-ahead.ts'

test('reads come in order, and no more than the window are started before their turn', async () => {
  const started: number[] = []
  const seen: number[] = []
  const reads = readAhead(10, 3, async (position) => {
    started.push(position)
    // Later ones finish first.
    for (let turn = position; turn < 10; turn++) await Promise.resolve()
    return position
  })
  for await (const position of reads) {
    seen.push(position)
    assert.ok(started.length <= seen.length + 2, `${started.length} after ${seen.length}`)
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  assert.equal(started.length, 10)
})

test('a read that fails is thrown in its turn', async () => {
  const seen: number[] = []
  const reads = readAhead(5, 5, async (position) => {
    if (position > 1) throw new Error(`read ${position}`)
    return position
  })
  await assert.rejects(async () => {
    for await (const position of reads) seen.push(position)
  }, /read 2/)
  assert.deepEqual(seen, [0, 1])
})
