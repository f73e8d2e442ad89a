import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMap } from '../../test/support/read-map.ts'
import { createTinyLog, sha256 } from '../../test/support/tiny-log.ts'
import { leafHash } from '../tlog/hash.ts'
import { inclusionProof, verifyInclusion } from '../tlog/proof.ts'
import { tileReader, verifyContinues } from './growth-proof.ts'
import { replayTree } from './replay-tree.ts'

const SIZES = [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_123]
if (process.env['SLOW'] === '1') SIZES.push(300_000)

const entryOf = (index: number) => Buffer.from(`entry ${index}`)

for (const size of SIZES) {
  test(`a tree of ${size} is replayed entry by entry, and proves its entries and its past`, async () => {
    const files = new Map<string, Uint8Array>()
    const log = createTinyLog('declarations', 'register.example', [], files)
    const half = Math.floor(size / 2)
    log.append(Array.from({ length: half }, (_, i) => entryOf(i)))
    const older = log.head()
    log.append(Array.from({ length: size - half }, (_, i) => entryOf(half + i)))
    const head = log.head()
    const { read } = readMap(files)
    const tree = { ...head, folder: 'log/declarations', signedIn: 'checkpoint', maxEntryBytes: 64 }
    let next = 0
    for await (const { entries } of replayTree(tree, { read, sha256 })) {
      for (const entry of entries) assert.deepEqual(Buffer.from(entry), entryOf(next++))
    }
    assert.equal(next, size)
    await verifyContinues('declarations', older, head, 'checkpoint', { read, sha256 })
    for (const index of new Set([0, 254, 255, 256, half, size - 257, size - 1])) {
      if (index < 0 || index >= size) continue
      const proof = await inclusionProof(index, size, tileReader('declarations', read), sha256)
      const hash = leafHash(entryOf(index), sha256)
      verifyInclusion({ leafHash: hash, index, size, root: head.root, proof }, sha256)
    }
  })
}
