import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findRedactions, redactRange, redactWords } from './redaction.ts'

test('a redaction is always found again, and what it kept stands in the original in that order', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(45), fc.nat(45)), { maxLength: 4 }),
      (original, ranges) => {
        let text = original
        for (const [start, end] of ranges) text = redactRange(text, { start, end })
        const parts = findRedactions(original, text)
        assert.ok(parts)
        assert.equal(parts.map((part) => part.text).join(''), original)
        assert.ok(text.isWellFormed() || !original.isWellFormed())
      },
    ),
  )
})

test('words that the original does not say are no redaction', () => {
  const original = 'I leave the League, of my own will.'
  for (const changed of [
    'I leave the Party, of my own will.',
    'I leave the League, of my own will. Gladly.',
    'Gladly I leave the League, of my own will.',
    'I leave […] will own my […].',
    '[…] I leave the Party […]',
    '',
  ]) {
    assert.equal(findRedactions(original, changed), undefined, changed)
  }
})

test('words are taken out everywhere they stand', () => {
  assert.equal(redactWords('Ann and Bob and Ann', 'Ann'), '[…] and Bob and […]')
  assert.equal(redactWords('AnnAnn', 'Ann'), '[…]')
  assert.equal(redactWords('nothing here', 'Ann'), 'nothing here')
})
