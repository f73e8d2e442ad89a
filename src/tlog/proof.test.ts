import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exampleLeaves, growTree } from '../../test/support/memory-tiles.ts'
import { naivePath, naiveProof, naiveRoot, sha256 } from '../../test/support/naive-tree.ts'
import { appendLeafHashes, edgeRoot, emptyEdge } from './edge.ts'
import { TlogError } from './error.ts'
import { type TreeHash, treeHash } from './hash.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './proof.ts'

const SLOW = process.env['SLOW'] === '1'
const buffers = (hashes: readonly Uint8Array[]) => hashes.map(Buffer.from)
const refuses =
  (...codes: TlogError['code'][]) =>
  (error: unknown) =>
    error instanceof TlogError && codes.includes(error.code)

function flipBit(hash: TreeHash, bit: number): TreeHash {
  const flipped = treeHash(new Uint8Array(hash))
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return flipped
}

function rootOf(leaves: readonly TreeHash[]): TreeHash {
  return treeHash(naiveRoot(leaves))
}

test('every inclusion proof in trees up to 40 is the one of RFC 6962 and verifies', async () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = exampleLeaves(size)
    const { root, store } = growTree([size])
    for (const [index, leafHash] of leaves.entries()) {
      const proof = await inclusionProof(index, size, store.readTile, sha256)
      assert.deepEqual(buffers(proof), buffers(naivePath(index, leaves)))
      const evidence = verifyInclusion({ leafHash, index, size, root, proof }, sha256)
      assert.deepEqual(evidence, { leafHash, index, size, root })
    }
  }
})

test('every consistency proof in trees up to 40 is the one of RFC 6962 and verifies', async () => {
  const leaves = exampleLeaves(40)
  for (let newSize = 1; newSize <= 40; newSize++) {
    const { root: newRoot, store } = growTree([newSize])
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const oldRoot = rootOf(leaves.slice(0, oldSize))
      const proof = await consistencyProof(oldSize, newSize, store.readTile, sha256)
      assert.deepEqual(buffers(proof), buffers(naiveProof(oldSize, leaves.slice(0, newSize))))
      const evidence = verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }, sha256)
      assert.deepEqual(evidence, { oldSize, oldRoot, newSize, newRoot })
    }
  }
})

test('proofs over several tile levels verify, and one flipped bit anywhere does not', async () => {
  const size = 66_003
  const leaves = exampleLeaves(size)
  const { root, store } = growTree([size])
  const runs = fc.tuple(fc.nat(size - 1), fc.nat(), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(runs, async ([index, which, bit]) => {
      const leafHash = leaves[index]
      assert.ok(leafHash)
      const proof = await inclusionProof(index, size, store.readTile, sha256)
      const claim = { leafHash, index, size, root, proof }
      verifyInclusion(claim, sha256)
      const at = which % proof.length
      const flipped = proof.map((hash, i) => (i === at ? flipBit(hash, bit) : hash))
      const no = refuses('inclusion_mismatch')
      assert.throws(() => verifyInclusion({ ...claim, proof: flipped }, sha256), no)
      assert.throws(() => verifyInclusion({ ...claim, root: flipBit(root, bit) }, sha256), no)
      const other = flipBit(leafHash, bit)
      assert.throws(() => verifyInclusion({ ...claim, leafHash: other }, sha256), no)
    }),
    { numRuns: SLOW ? 500 : 40 },
  )
})

test('consistency over several tile levels verifies, and one flipped bit anywhere does not', async () => {
  const newSize = 66_003
  const leaves = exampleLeaves(newSize)
  const { root: newRoot, store } = growTree([newSize])
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: newSize - 1 }),
      fc.nat(),
      fc.nat(255),
      async (oldSize, which, bit) => {
        const { root: oldRoot } = appendLeafHashes(emptyEdge(), leaves.slice(0, oldSize), sha256)
        const proof = await consistencyProof(oldSize, newSize, store.readTile, sha256)
        const claim = { oldSize, oldRoot, newSize, newRoot, proof }
        verifyConsistency(claim, sha256)
        const at = which % proof.length
        const flipped = proof.map((hash, i) => (i === at ? flipBit(hash, bit) : hash))
        const no = refuses('consistency_mismatch')
        assert.throws(() => verifyConsistency({ ...claim, proof: flipped }, sha256), no)
        const wrongOld = { ...claim, oldRoot: flipBit(oldRoot, bit) }
        assert.throws(() => verifyConsistency(wrongOld, sha256), no)
        const wrongNew = { ...claim, newRoot: flipBit(newRoot, bit) }
        assert.throws(() => verifyConsistency(wrongNew, sha256), no)
      },
    ),
    { numRuns: SLOW ? 300 : 25 },
  )
})

test('a proof for one index or size proves no other, and no hash can be added or taken away', async () => {
  const leaves = exampleLeaves(40)
  for (let size = 1; size <= 20; size++) {
    const root = rootOf(leaves.slice(0, size))
    const { store } = growTree([size])
    for (let index = 0; index < size; index++) {
      const leafHash = leaves[index]
      assert.ok(leafHash)
      const proof = await inclusionProof(index, size, store.readTile, sha256)
      const claim = { leafHash, index, size, root, proof }
      for (let other = 0; other < size; other++) {
        if (other === index) continue
        assert.throws(() => verifyInclusion({ ...claim, index: other }, sha256))
      }
      const longer = [...proof, root]
      const shifted = [root, ...proof]
      const no = refuses('inclusion_mismatch')
      assert.throws(() => verifyInclusion({ ...claim, proof: longer }, sha256), no)
      assert.throws(() => verifyInclusion({ ...claim, proof: shifted }, sha256), no)
      if (proof.length === 0) continue
      assert.throws(() => verifyInclusion({ ...claim, proof: proof.slice(1) }, sha256), no)
      assert.throws(() => verifyInclusion({ ...claim, proof: proof.slice(0, -1) }, sha256), no)
    }
  }
})

test('a consistency proof proves no other sizes and loses or gains no hash', async () => {
  const leaves = exampleLeaves(24)
  const newSize = 21
  const { root: newRoot, store } = growTree([newSize])
  const no = refuses('consistency_mismatch')
  for (let oldSize = 1; oldSize < newSize; oldSize++) {
    const oldRoot = rootOf(leaves.slice(0, oldSize))
    const proof = await consistencyProof(oldSize, newSize, store.readTile, sha256)
    const claim = { oldSize, oldRoot, newSize, newRoot, proof }
    for (let other = 1; other < newSize; other++) {
      if (other !== oldSize) {
        assert.throws(() => verifyConsistency({ ...claim, oldSize: other }, sha256), no)
      }
    }
    assert.throws(
      () => verifyConsistency({ ...claim, oldRoot: newRoot, newRoot: oldRoot }, sha256),
      no,
    )
    assert.throws(() => verifyConsistency({ ...claim, proof: [] }, sha256), no)
    assert.throws(() => verifyConsistency({ ...claim, proof: [...proof, newRoot] }, sha256), no)
    assert.throws(() => verifyConsistency({ ...claim, proof: [newRoot, ...proof] }, sha256), no)
    assert.throws(() => verifyConsistency({ ...claim, proof: proof.slice(1) }, sha256), no)
    assert.throws(() => verifyConsistency({ ...claim, proof: proof.slice(0, -1) }, sha256), no)
  }
})

test('a tree that lost a leaf in the middle is not consistent with the old one', async () => {
  const leaves = exampleLeaves(300)
  const changed = leaves.filter((_, i) => i !== 150)
  const { edge, tiles } = appendLeafHashes(emptyEdge(), changed, sha256)
  const read = async (level: number, index: number, width: number) => {
    const tile = tiles.find((t) => t.level === level && t.index === index && t.width === width)
    assert.ok(tile)
    return tile.bytes
  }
  const proof = await consistencyProof(200, 299, read, sha256)
  const claim = { oldSize: 200, oldRoot: rootOf(leaves.slice(0, 200)), newSize: 299 }
  const newRoot = edgeRoot(edge, sha256)
  assert.throws(
    () => verifyConsistency({ ...claim, newRoot, proof }, sha256),
    refuses('consistency_mismatch'),
  )
})

test('nothing grows to anything, but an empty tree has one root', () => {
  const empty = treeHash(sha256(new Uint8Array(0)))
  const root = rootOf(exampleLeaves(3))
  const grow = { oldSize: 0, oldRoot: empty, newSize: 3, newRoot: root, proof: [] }
  verifyConsistency(grow, sha256)
  verifyConsistency({ ...grow, newSize: 0, newRoot: empty }, sha256)
  const no = refuses('consistency_mismatch')
  assert.throws(() => verifyConsistency({ ...grow, oldRoot: root }, sha256), no)
  assert.throws(() => verifyConsistency({ ...grow, proof: [root] }, sha256), no)
  assert.throws(() => verifyConsistency({ ...grow, newSize: 0 }, sha256), no)
  const same = { oldSize: 3, oldRoot: root, newSize: 3, newRoot: root, proof: [] }
  verifyConsistency(same, sha256)
  assert.throws(() => verifyConsistency({ ...same, newRoot: empty }, sha256), no)
  assert.throws(() => verifyConsistency({ ...same, proof: [root] }, sha256), no)
})

test('numbers that are no sizes are refused before any hashing', async () => {
  const root = rootOf(exampleLeaves(1))
  const noHash = () => assert.fail('hashed')
  const noTile = () => assert.fail('read a tile')
  for (const [index, size] of [
    [0, 0],
    [1, 1],
    [-1, 1],
    [0.5, 1],
    [0, 2 ** 53],
    [Number.NaN, 1],
  ] as const) {
    const claim = { leafHash: root, index, size, root, proof: [] }
    assert.throws(() => verifyInclusion(claim, noHash), refuses('bad_size'))
    await assert.rejects(inclusionProof(index, size, noTile, noHash), refuses('bad_size'))
  }
  for (const [oldSize, newSize] of [
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [1, Number.POSITIVE_INFINITY],
  ] as const) {
    const claim = { oldSize, oldRoot: root, newSize, newRoot: root, proof: [] }
    assert.throws(() => verifyConsistency(claim, noHash), refuses('bad_size'))
    await assert.rejects(consistencyProof(oldSize, newSize, noTile, noHash), refuses('bad_size'))
  }
})

test('a proof at 2^45 leaves reads one tile of each width once and verifies', async () => {
  // All leaves alike, so that every subtree of one height has one hash and no tree is needed.
  const [leafHash] = exampleLeaves(1)
  assert.ok(leafHash)
  const size = 2 ** 45 + 2 ** 33 + 5
  const reads: string[] = []
  const perfect = [leafHash]
  for (let height = 1; height <= 48; height++) {
    const below = perfect[height - 1]
    assert.ok(below)
    perfect.push(treeHash(sha256(Buffer.concat([Uint8Array.of(1), below, below]))))
  }
  const read = async (level: number, index: number, width: number) => {
    reads.push(`${level}/${index}`)
    const hash = perfect[8 * level]
    assert.ok(hash)
    return Buffer.concat(Array.from({ length: width }, () => hash))
  }
  const index = 2 ** 44 + 12_345
  const proof = await inclusionProof(index, size, read, sha256)
  assert.equal(new Set(reads).size, reads.length)
  assert.equal(proof.length, 46)
  const parts = [perfect[45], perfect[33], perfect[2], perfect[0]]
  const root = parts.reduceRight((right, left) => {
    assert.ok(left && right)
    return treeHash(sha256(Buffer.concat([Uint8Array.of(1), left, right])))
  })
  assert.ok(root)
  verifyInclusion({ leafHash, index, size, root, proof }, sha256)
})
