import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64, toBase64 } from './base64.ts'
import { EncodingError } from './hex.ts'

test('base64 agrees with the platform in both directions', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64')
      assert.equal(toBase64(bytes), text)
      assert.deepEqual(fromBase64(text), bytes)
    }),
  )
})

test('any text is either the one spelling of its bytes or refused', () => {
  const nearly = fc.string({ unit: fc.constantFrom(...'ABab01+/=-_ \n'), maxLength: 24 })
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string({ maxLength: 24 })), (text) => {
      let bytes: Uint8Array
      try {
        bytes = fromBase64(text)
      } catch (error) {
        assert.ok(error instanceof EncodingError && error.code === 'bad_base64')
        return
      }
      assert.equal(toBase64(bytes), text)
    }),
  )
})

test('stray bits, missing padding, white space and the web alphabet are refused', () => {
  for (const text of ['AB==', 'AAB=', 'AA', 'A===', '====', 'AA A', 'AAA=\n', '-_-_', 'é===']) {
    assert.throws(() => fromBase64(text), EncodingError, text)
  }
})
