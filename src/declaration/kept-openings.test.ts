import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { saltFrom } from '../../test/support/declaration-examples.ts'
import { utf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import { encodeKeptOpenings, type KeptOpenings, parseKeptOpenings } from './kept-openings.ts'

const author = { salt: saltFrom('author'), value: new Uint8Array(32).fill(1) }
const value = fc.uint8Array({ maxLength: 400 })
const opening = value.map((bytes) => ({ salt: saltFrom('part'), value: bytes }))
const kept: fc.Arbitrary<KeptOpenings> = fc.record(
  {
    author: fc.constant(author),
    body: fc.oneof(
      opening,
      fc.constant({ salt: saltFrom('text'), value: null }),
      fc.constant(null),
    ),
    name: fc.option(opening),
  },
  { noNullPrototype: true },
)

test('what is kept reads back as it was, with a text, its salt alone or none', () => {
  fc.assert(
    fc.property(kept, (one) => {
      assert.deepEqual(parseKeptOpenings(encodeKeptOpenings(one)), one)
    }),
  )
})

test('one changed byte is other openings or is refused as ours', () => {
  const bytes = encodeKeptOpenings({ author, body: null, name: author })
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ change
      assert.notDeepEqual(readOrRefused(changed), { author, body: null, name: author })
    }),
  )
})

test('any bytes either parse or are refused as ours', () => {
  const any = fc.oneof(fc.uint8Array(), fc.json().map(utf8))
  fc.assert(fc.property(any, (bytes) => assert.equal(readOrRefused(bytes), 'refused')))
})

function readOrRefused(bytes: Uint8Array): KeptOpenings | 'refused' {
  try {
    return parseKeptOpenings(bytes)
  } catch (error) {
    assert.ok(error instanceof DeclarationError && error.code === 'bad_value')
    return 'refused'
  }
}
