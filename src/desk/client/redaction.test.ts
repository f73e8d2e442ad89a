import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findIdentifying, findRedactions, redactRange, redactWords } from './redaction.ts'

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

test('numbers, mail addresses and account names are pointed out where they stand', () => {
  const found = (text: string) =>
    findIdentifying(text).map(({ start, end }) => text.slice(start, end))
  assert.deepEqual(found('身份证11010119900101123X，电话138 0013 8000。'), [
    '11010119900101123X',
    '138 0013 8000',
  ])
  assert.deepEqual(found('write to someone@example.org or 微信：abcde_1'), [
    'someone@example.org',
    '微信：abcde_1',
  ])
  assert.deepEqual(found('In 1989 there were 12 of us.'), [])
})
