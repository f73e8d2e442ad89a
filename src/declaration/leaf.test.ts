import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  commitmentFrom,
  EXAMPLE_LEAF,
  leaf,
  nearMisses,
  RUNS,
} from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import { encodeLeaf, parseLeaf } from './leaf.ts'

const refusesLeaf = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_leaf'
const example = fromUtf8(encodeLeaf(EXAMPLE_LEAF))

test('a leaf is eleven lines in their order', () => {
  assert.deepEqual(
    example.split('\n').map((line) => line.split(' ')[0]),
    [
      'avow/declaration/v1',
      'form',
      'day',
      'orgs',
      'evidence',
      'key',
      'shown',
      'body',
      'name',
      'about',
      'author',
      '',
    ],
  )
})

test('every leaf reads back as it was written', () => {
  fc.assert(
    fc.property(leaf, (written) => {
      assert.deepEqual(parseLeaf(encodeLeaf(written)), written)
    }),
    { numRuns: RUNS },
  )
})

test('any bytes are refused as a leaf or are the one spelling of what they say', () => {
  fc.assert(
    fc.property(nearMisses(leaf.map(encodeLeaf)), (bytes) => {
      try {
        assert.deepEqual(encodeLeaf(parseLeaf(bytes)), bytes)
      } catch (error) {
        if (!refusesLeaf(error)) throw error
      }
    }),
    { numRuns: 10 * RUNS },
  )
})

test('the longest leaf fits 512 bytes and a longer one is not written', () => {
  const orgs = (count: number) =>
    Array.from({ length: count }, (_, i) => `organisation-${String(i).padStart(2, '0')}`)
  const full = { ...EXAMPLE_LEAF, name: commitmentFrom('name'), orgs: orgs(10) }
  assert.ok(encodeLeaf(full).length <= 512)
  assert.throws(() => encodeLeaf({ ...full, orgs: orgs(14) }), refusesLeaf)
})

for (const [what, from, to] of [
  ['CRLF', '\n', '\r\n'],
  ['upper-case hex', 'form abab', 'form ABab'],
  ['a day that does not exist', 'day 2026-11-22', 'day 2026-02-29'],
  ['unsorted organisations', 'league,pioneers', 'pioneers,league'],
  ['an organisation twice', 'league,pioneers', 'league,league'],
  ['unstated beside an organisation', 'league,pioneers', 'league,unstated'],
  ['no organisation', 'orgs league,pioneers', 'orgs '],
  ['an unknown tier of evidence', 'evidence self', 'evidence certain'],
  ['a legacy entry with a receipt', 'evidence self', 'evidence legacy'],
  ['a receipt of nobody', 'key own', 'key -'],
  ['text and name in the other order', 'shown text', 'shown text,name'],
  ['a name shown that is not there', 'shown text', 'shown name,text'],
  ['a text shown that is not there', /body .*/, 'body -'],
  ['a line left out', 'name -\n', ''],
  ['a line after the last', /$/, 'more x\n'],
  ['white space before a line end', 'key own\n', 'key own \n'],
  ['no last line end', /\n$/, ''],
  ['base64 without padding', /=\n$/, '\n'],
] as const) {
  test(`a leaf with ${what} is refused`, () => {
    const changed = example.replace(from, to)
    assert.notEqual(changed, example)
    assert.throws(() => parseLeaf(utf8(changed)), refusesLeaf)
  })
}

test('a leaf that would not read back is not written', () => {
  assert.throws(() => encodeLeaf({ ...EXAMPLE_LEAF, orgs: ['pioneers', 'league'] }))
  assert.throws(() => encodeLeaf({ ...EXAMPLE_LEAF, evidence: 'legacy' }), refusesLeaf)
  assert.throws(
    () => encodeLeaf({ ...EXAMPLE_LEAF, shown: { name: true, text: true } }),
    refusesLeaf,
  )
})

test('stray bits at the end of a commitment are refused', () => {
  const stray = example.replace(/(author .{42})(.)=/, (_, start: string, last: string) => {
    return `${start}${String.fromCharCode(last.charCodeAt(0) + 1)}=`
  })
  assert.notEqual(stray, example)
  assert.throws(() => parseLeaf(utf8(stray)), refusesLeaf)
})
