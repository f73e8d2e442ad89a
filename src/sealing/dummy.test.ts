import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { dummyId, findDummySecret, padDummy } from './dummy.ts'
import { unpad } from './padding.ts'

const secret = new Uint8Array(32).fill(7)

test('a dummy fills its size class and shows its secret to whoever opens it', () => {
  for (const sizeClass of [2048, 4096, 16_384]) {
    const padded = padDummy(secret, sizeClass)
    assert.equal(padded.length, sizeClass)
    assert.deepEqual(findDummySecret(unpad(padded)), secret)
  }
})

test('nothing that a person sends is taken for a dummy', () => {
  const content = unpad(padDummy(secret, 2048))
  for (let at = 0; at < content.length; at += 7) {
    const other = Uint8Array.from(content)
    other[at] = 0x21
    assert.equal(findDummySecret(other), undefined, `byte ${at}`)
  }
  assert.equal(findDummySecret(utf8('{"format":"avow/submission/v1"}')), undefined)
  fc.assert(fc.property(fc.uint8Array(), (bytes) => findDummySecret(bytes) === undefined))
})

test('the id of a dummy is the one in the format’s example', () => {
  assert.equal(
    toHex(dummyId(secret, sha256)),
    '13828ae5611934741d70ae99e1519018f7ca156281e265ac00e6c830720d5426',
  )
})
