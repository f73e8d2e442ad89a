import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { naiveRoot, sha256 } from '../../test/support/naive-tree.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { TlogError } from './error.ts'
import { emptyRoot, leafHash, nodeHash, subtreeRoot, treeHash, treeHashFromBase64 } from './hash.ts'

const leaf = (text: string) => leafHash(utf8(text), sha256)
const badHash = (error: unknown) => error instanceof TlogError && error.code === 'bad_hash'

test('leaf, node and empty root are those of RFC 6962', () => {
  assert.equal(
    toHex(leaf('L123456')),
    '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
  )
  assert.equal(toHex(leaf('')), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
  assert.equal(
    toHex(emptyRoot(sha256)),
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
  assert.equal(
    toHex(nodeHash(leaf(''), leafHash(Uint8Array.of(0), sha256), sha256)),
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  )
})

test('an entry that spells two child hashes does not hash to their node', () => {
  const [left, right] = [leaf('left'), leaf('right')]
  const forged = leafHash(Buffer.concat([left, right]), sha256)
  assert.notDeepEqual(forged, nodeHash(left, right, sha256))
  assert.notDeepEqual(nodeHash(right, left, sha256), nodeHash(left, right, sha256))
})

test('the root over a power of two of hashes is the naive one, and the hashes stay as they were', () => {
  for (let count = 1; count <= 256; count *= 2) {
    const leaves = Array.from({ length: count }, (_, i) => leaf(String(i)))
    const hashes = Buffer.concat(leaves)
    const before = Buffer.from(hashes)
    assert.deepEqual(Buffer.from(subtreeRoot(hashes, sha256)), Buffer.from(naiveRoot(leaves)))
    assert.deepEqual(hashes, before)
  }
})

test('a tree hash is 32 bytes and has one spelling in base64', () => {
  const hash = leaf('x')
  const text = Buffer.from(hash).toString('base64')
  assert.deepEqual(Buffer.from(treeHashFromBase64(text)), Buffer.from(hash))
  const last = text.at(-2) ?? ''
  const stray = String.fromCharCode(last.charCodeAt(0) + 1)
  for (const wrong of ['', text.slice(1), `${text}A`, text.replace('=', ''), ` ${text}`]) {
    assert.throws(() => treeHashFromBase64(wrong), badHash, wrong)
  }
  assert.throws(() => treeHashFromBase64(`${text.slice(0, -2)}${stray}=`), badHash)
  assert.throws(() => treeHash(hash.subarray(1)), badHash)
  fc.assert(
    fc.property(fc.string(), (any) => {
      try {
        treeHashFromBase64(any)
      } catch (error) {
        assert.ok(badHash(error))
      }
    }),
  )
})
