import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedBytes } from '../../test/support/tiny-log.ts'
import { createDigestSet } from './digest-set.ts'
import { digestOf } from './digest-text.ts'

const digest = (label: string | number) => digestOf(fixedBytes(`digest ${label}`))
const LOT = fixedBytes('lot')

test('a digest that was there is told from five thousand that were not', () => {
  const set = createDigestSet(5000, LOT)
  assert.equal(set.oneIn, 1)
  for (let i = 0; i < 5000; i++) assert.equal(set.add(i, digest(i)), 'new', `${i}`)
  for (let i = 0; i < 5000; i++) assert.equal(set.add(5000 + i, digest(i)), 'again', `${i}`)
})

test('a position that was added already is not looked at again', () => {
  const set = createDigestSet(10, LOT)
  assert.equal(set.add(3, digest('a')), 'new')
  assert.equal(set.add(3, digest('a')), 'new')
  assert.equal(set.add(4, digest('a')), 'again')
})

test('more than the table holds are sampled: equal digests are seen both or neither', () => {
  const set = createDigestSet(4000, LOT, 1000)
  assert.equal(set.oneIn, 4)
  for (let i = 0; i < 4000; i++) assert.equal(set.add(i, digest(i)), 'new')
  const seen = Array.from({ length: 4000 }, (_, i) => set.add(4000 + i, digest(i)))
  const found = seen.filter((state) => state === 'again').length
  assert.ok(found > 800 && found < 1200, `${found}`)
})

test('another lot looks at others', () => {
  const seenBy = (lot: string) => {
    const set = createDigestSet(4000, fixedBytes(lot), 1000)
    for (let i = 0; i < 200; i++) set.add(i, digest(i))
    return Array.from({ length: 200 }, (_, i) => set.add(200 + i, digest(i))).join()
  }
  const lots = new Set(Array.from({ length: 12 }, (_, i) => seenBy(`lot ${i}`)))
  assert.equal(lots.size, 4)
})
