import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SealingError } from './error.ts'
import { PADDED_BYTES_MAX, pad, requireSizeClass, sizeClass, unpad } from './padding.ts'

const KIB = 1024
const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

test('content lands in the smallest class that holds it and its length', () => {
  const edges: [number, number][] = [
    [0, 2],
    [2 * KIB - 4, 2],
    [2 * KIB - 3, 4],
    [4 * KIB - 3, 16],
    [16 * KIB - 3, 64],
    [64 * KIB - 3, 256],
    [256 * KIB - 4, 256],
    [256 * KIB - 3, 1024],
    [1024 * KIB - 3, 2048],
  ]
  for (const [length, kib] of edges) assert.equal(sizeClass(length), kib * KIB, `${length} bytes`)
  assert.throws(() => sizeClass(PADDED_BYTES_MAX - 3), refusal('too_large'))
})

test('padded content comes back and shows no more of its length than its class', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      const padded = pad(bytes)
      assert.equal(padded.length, sizeClass(bytes.length))
      assert.doesNotThrow(() => requireSizeClass(padded.length))
      assert.deepEqual(unpad(padded), bytes)
    }),
  )
})

test('padding works on a view into a larger buffer', () => {
  const buffer = new Uint8Array(10 * KIB)
  const padded = pad(Uint8Array.of(1, 2, 3))
  buffer.set(padded, 17)
  assert.deepEqual(unpad(buffer.subarray(17, 17 + padded.length)), Uint8Array.of(1, 2, 3))
})

test('one content has one padding', () => {
  const hidden = pad(Uint8Array.of(1))
  hidden[2047] = 1
  assert.throws(() => unpad(hidden), refusal('bad_padding'))
  const endless = pad(Uint8Array.of(1))
  endless.fill(0xff, 0, 4)
  assert.throws(() => unpad(endless), refusal('bad_padding'))
  const roomy = new Uint8Array(4 * KIB)
  roomy.set(pad(Uint8Array.of(1)))
  assert.throws(() => unpad(roomy), refusal('bad_padding'))
})

test('any bytes either unpad or throw our error', () => {
  const lengths = fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.constant(new Uint8Array(2 * KIB)))
  fc.assert(
    fc.property(lengths, fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes, prefix) => {
      const input = bytes.slice()
      if (input.length >= 4) input.set(prefix)
      try {
        unpad(input)
      } catch (error) {
        assert.ok(error instanceof SealingError)
      }
    }),
  )
})

test('a length that is no size class is refused before sealing', () => {
  for (const length of [0, 1, 2047, 2049, 300 * KIB, PADDED_BYTES_MAX + KIB * KIB]) {
    assert.throws(() => requireSizeClass(length), refusal('not_padded'), `${length}`)
  }
})
