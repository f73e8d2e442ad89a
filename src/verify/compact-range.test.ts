import assert from 'node:assert/strict'
import { test } from 'node:test'
import { naiveRoot, sha256 } from '../../test/support/naive-tree.ts'
import { fixedBytes } from '../../test/support/tiny-log.ts'
import { treeHash } from '../tlog/hash.ts'
import { type CompactRange, compactRangeRoot, pushSubtree } from './compact-range.ts'

test('the root after every leaf is that of RFC 6962', () => {
  const leaves = Array.from({ length: 300 }, (_, i) => treeHash(fixedBytes(`leaf ${i}`)))
  let range: CompactRange = []
  assert.deepEqual(compactRangeRoot(range, sha256), naiveRoot([]))
  for (const [i, leaf] of leaves.entries()) {
    range = pushSubtree(range, leaf, 1, sha256)
    assert.deepEqual(compactRangeRoot(range, sha256), naiveRoot(leaves.slice(0, i + 1)))
  }
})

test('subtrees pushed whole make the same root', () => {
  const leaves = Array.from({ length: 20 }, (_, i) => treeHash(fixedBytes(`leaf ${i}`)))
  let range: CompactRange = []
  for (const [at, span] of [
    [0, 8],
    [8, 8],
    [16, 2],
    [18, 1],
  ] as const) {
    const root = treeHash(naiveRoot(leaves.slice(at, at + span)))
    range = pushSubtree(range, root, span, sha256)
  }
  assert.deepEqual(compactRangeRoot(range, sha256), naiveRoot(leaves.slice(0, 19)))
})
