import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../encoding/bytes.ts'
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { TlogError } from './error.ts'
import { treeHash } from './hash.ts'

const badCheckpoint = (error: unknown) =>
  error instanceof TlogError && error.code === 'bad_checkpoint'
const root = treeHash(new Uint8Array(32).fill(9))

test('what is formatted parses to the same checkpoint', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(fc.maxSafeNat(), hash, (size, bytes) => {
      const checkpoint = { origin: 'log.example', size, root: treeHash(bytes) }
      assert.deepEqual(parseCheckpoint(formatCheckpoint(checkpoint)), checkpoint)
    }),
  )
})

test('any text is a checkpoint that formats to itself, or bad_checkpoint', () => {
  const good = formatCheckpoint({ origin: 'log.example', size: 12, root })
  const mutated = fc
    .tuple(fc.nat(good.length - 1), fc.string({ unit: 'binary', maxLength: 2 }))
    .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), mutated), (text) => {
      try {
        assert.equal(formatCheckpoint(parseCheckpoint(text)), text)
      } catch (error) {
        assert.ok(badCheckpoint(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('no checkpoint is written that could not be read', () => {
  for (const origin of ['', 'a\nb', 'a\u0000', 'o'.repeat(256), '\ud800']) {
    assert.throws(() => formatCheckpoint({ origin, size: 1, root }), badCheckpoint)
  }
  assert.equal(utf8('é'.repeat(128)).length, 256)
  assert.throws(() => formatCheckpoint({ origin: 'é'.repeat(128), size: 1, root }), badCheckpoint)
  for (const size of [-1, 0.5, 2 ** 53, Number.NaN]) {
    assert.throws(() => formatCheckpoint({ origin: 'log.example', size, root }), {
      name: 'TlogError',
      code: 'bad_size',
    })
  }
})
