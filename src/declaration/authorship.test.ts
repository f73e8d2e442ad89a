import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { saltFrom } from '../../test/support/declaration-examples.ts'
import { utf8 } from '../encoding/bytes.ts'
import { type Authorship, encodeAuthorship, parseAuthorship } from './authorship.ts'
import { DeclarationError } from './error.ts'
import { encodeName } from './values.ts'

const name = { salt: saltFrom('name'), value: encodeName('Sample Reed') }
const PLAIN = { noNullPrototype: true }
const answer: fc.Arbitrary<Authorship> = fc.record(
  {
    origin: fc.constantFrom('localhost/quit-ccp/log/declarations', 'a'),
    index: fc.integer({ min: 0, max: 1e12 }),
    leaf: fc.constantFrom('ab'.repeat(32), '00'.repeat(32)),
    challenge: fc.record(
      {
        verifier: fc.stringMatching(/^[!-~](?:[ -~]{0,198}[!-~])?$/),
        nonce: fc.stringMatching(/^[0-9a-f]{32,128}$/),
        day: fc.constantFrom('2026-03-01', '2026-02-28'),
      },
      PLAIN,
    ),
    author: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    salt: fc.option(fc.constant(saltFrom('author'))),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    name: fc.option(fc.constant(name)),
  },
  PLAIN,
)

test('an answer reads back as it was, with a name and without', () => {
  fc.assert(
    fc.property(answer, (one) => {
      assert.deepEqual(parseAuthorship(encodeAuthorship(one)), one)
    }),
  )
})

test('an answer has one spelling: what reads is written the same', () => {
  fc.assert(
    fc.property(answer, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, place, change) => {
      const changed = Uint8Array.from(encodeAuthorship(one))
      const at = place % changed.length
      changed[at] = (changed[at] ?? 0) ^ change
      const read = readOrRefused(changed)
      if (read !== 'refused') assert.deepEqual(encodeAuthorship(read), changed)
    }),
  )
})

test('any bytes either parse or are refused as ours', () => {
  const any = fc.oneof(fc.uint8Array(), fc.string().map(utf8))
  fc.assert(fc.property(any, (bytes) => assert.equal(readOrRefused(bytes), 'refused')))
})

function readOrRefused(bytes: Uint8Array): Authorship | 'refused' {
  try {
    return parseAuthorship(bytes)
  } catch (error) {
    assert.ok(error instanceof DeclarationError && error.code === 'bad_value')
    return 'refused'
  }
}
