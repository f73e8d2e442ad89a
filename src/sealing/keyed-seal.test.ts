import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { SealingError } from './error.ts'
import { openWithKey, sealWithKey } from './keyed-seal.ts'

const random = (length: number) => new Uint8Array(randomBytes(length))
const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code
const key = random(32)

test('sealed bytes open with their key in their context', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), (bytes, context) => {
      assert.deepEqual(openWithKey(key, context, sealWithKey(key, context, bytes, random)), bytes)
    }),
  )
})

test('another key, another context or one altered byte opens nothing', () => {
  const sealed = sealWithKey(key, 'content/000', random(100), random)
  assert.throws(() => openWithKey(random(32), 'content/000', sealed), refusal('cannot_open'))
  assert.throws(() => openWithKey(key, 'content/001', sealed), refusal('cannot_open'))
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.with(at, (sealed[at] ?? 0) ^ 1)
    assert.throws(() => openWithKey(key, 'content/000', altered), refusal('cannot_open'))
  }
})

test('any bytes throw our error', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.throws(() => openWithKey(key, '', bytes), refusal('cannot_open'))
    }),
  )
  assert.throws(() => sealWithKey(random(16), '', random(1), random), refusal('bad_key'))
})
