import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exampleLeaves, growTree } from '../../test/support/memory-tiles.ts'
import { naiveRoot, sha256 } from '../../test/support/naive-tree.ts'
import {
  appendLeafHashes,
  edgeFromTiles,
  edgeRoot,
  emptyEdge,
  encodeEdge,
  parseEdge,
} from './edge.ts'
import { TlogError } from './error.ts'
import { tilePath, tilesForSize } from './tile.ts'

const SLOW = process.env['SLOW'] === '1'
const refuses = (code: TlogError['code']) => (error: unknown) =>
  error instanceof TlogError && error.code === code

test('whatever the batches, the root is the naive root', () => {
  const batches = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 })
  fc.assert(
    fc.property(batches, (batches) => {
      const size = batches.reduce((sum, count) => sum + count, 0)
      const { edge, root } = growTree(batches)
      assert.equal(edge.size, size)
      assert.deepEqual(Buffer.from(root), Buffer.from(naiveRoot(exampleLeaves(size))))
    }),
    { numRuns: SLOW ? 500 : 25 },
  )
})

test('every root from 0 to 600 leaves, one leaf at a time, is the naive root', () => {
  const leaves = exampleLeaves(600)
  let edge = emptyEdge()
  for (let size = 0; size <= 600; size++) {
    assert.deepEqual(
      Buffer.from(edgeRoot(edge, sha256)),
      Buffer.from(naiveRoot(leaves.slice(0, size))),
    )
    edge = appendLeafHashes(edge, leaves.slice(size, size + 1), sha256).edge
  }
})

test('the tiles written are exactly those a checkpoint of each batch implies', () => {
  for (const batches of [
    [0],
    [1],
    [255],
    [256],
    [257],
    [100, 156, 1],
    [65_535, 1, 1, 255],
    [70_123],
  ]) {
    const { store } = growTree(batches)
    const expected = new Set<string>()
    let size = 0
    for (const count of batches) {
      size += count
      for (const { level, index, width } of tilesForSize(size))
        expected.add(tilePath(level, index, width))
    }
    assert.deepEqual([...store.files.keys()].sort(), [...expected].sort(), String(batches))
  }
})

test('the tiles of one append or of many are the same bytes', () => {
  const once = growTree([66_000]).store.files
  const often = growTree([1, 254, 1, 1, 300, 64_979, 464]).store.files
  for (const [path, bytes] of once) assert.deepEqual(often.get(path), bytes, path)
})

test('an append leaves the edge it was given as it was', () => {
  const { edge } = growTree([300])
  const before = encodeEdge(edge)
  appendLeafHashes(edge, exampleLeaves(300, 300), sha256)
  assert.deepEqual(encodeEdge(edge), before)
})

test('an edge survives its row and grows on as before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), (size) => {
      const { edge } = growTree([size])
      const parsed = parseEdge(encodeEdge(edge))
      assert.deepEqual(parsed, edge)
      const more = exampleLeaves(7, size)
      assert.deepEqual(appendLeafHashes(parsed, more, sha256), appendLeafHashes(edge, more, sha256))
    }),
    { numRuns: 20 },
  )
})

test('any bytes are an edge that encodes to them or bad_edge', () => {
  const framed = fc
    .tuple(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 600 }))
    .map(([size, hashes]) => {
      const bytes = Buffer.alloc(8 + 32 * hashes, 1)
      bytes.writeBigUInt64BE(BigInt(size))
      return bytes
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), framed), (bytes) => {
      try {
        assert.deepEqual(Buffer.from(encodeEdge(parseEdge(bytes))), Buffer.from(bytes))
      } catch (error) {
        assert.ok(refuses('bad_edge')(error))
      }
    }),
  )
})

test('the edge rebuilt from tiles is the appender’s own, also when only full tiles are left', async () => {
  for (const size of [0, 1, 255, 256, 257, 65_536, 65_793, 70_123]) {
    const { edge, store } = growTree([size])
    assert.deepEqual(await edgeFromTiles(size, store.readTile), edge)
    const later = growTree([size, 256 * 256]).store
    for (const path of later.files.keys()) {
      if (path.includes('.p/') && later.files.has(path.replace(/\.p\/.*$/, '')))
        later.files.delete(path)
    }
    assert.deepEqual(await edgeFromTiles(size, later.readTile), edge)
  }
})

test('a rebuilt edge with one bit flipped has another root', async () => {
  const { root, store } = growTree([70_123])
  const readFlipped = async (level: number, index: number, width: number) => {
    const bytes = new Uint8Array(await store.readTile(level, index, width))
    if (level === 1) bytes[0] = (bytes[0] ?? 0) ^ 1
    return bytes
  }
  assert.deepEqual(edgeRoot(await edgeFromTiles(70_123, store.readTile), sha256), root)
  assert.notDeepEqual(edgeRoot(await edgeFromTiles(70_123, readFlipped), sha256), root)
})

test('a tile too short for the size is refused', async () => {
  const { store } = growTree([300])
  store.files.set(tilePath(0, 1, 44), new Uint8Array(43 * 32))
  await assert.rejects(edgeFromTiles(300, store.readTile), refuses('bad_tile'))
})
