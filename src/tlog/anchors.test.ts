import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growTree } from '../../test/support/memory-tiles.ts'
import { sha256 } from '../../test/support/naive-tree.ts'
import {
  ANCHOR_SPAN,
  anchorProof,
  anchorsOf,
  formatAnchorProof,
  formatAnchors,
  parseAnchorProof,
  parseAnchors,
  verifyAnchorProof,
} from './anchors.ts'
import { TlogError } from './error.ts'
import { treeHash } from './hash.ts'

const ORIGIN = 'localhost/example/log/declarations'
const SIZE = 2 * ANCHOR_SPAN + 300
const { root, store } = growTree([SIZE])
const checkpoint = { origin: ORIGIN, size: SIZE, root }
const entryOf = (index: number) => Buffer.from(`leaf ${index}`)

test('a log has an anchor for each whole 65,536 entries, and a smaller one has none', async () => {
  const { hashes } = await anchorsOf(checkpoint, store.readTile, sha256)
  assert.equal(hashes.length, 2)
  const whole = growTree([ANCHOR_SPAN])
  const first = await anchorsOf(
    { origin: ORIGIN, size: ANCHOR_SPAN, root: whole.root },
    whole.store.readTile,
    sha256,
  )
  assert.deepEqual(first.hashes, [whole.root])
  assert.deepEqual(first.hashes[0], hashes[0])
  const small = growTree([300])
  const none = { origin: ORIGIN, size: 300, root: small.root }
  assert.deepEqual((await anchorsOf(none, small.store.readTile, sha256)).hashes, [])
})

test('sixteen hashes prove an entry to its anchor, without a signature', async () => {
  const anchors = parseAnchors(formatAnchors(await anchorsOf(checkpoint, store.readTile, sha256)))
  for (const index of [0, 255, 256, 65_535, 65_536, 131_071]) {
    const made = await anchorProof(
      { origin: ORIGIN, index, entry: entryOf(index) },
      store.readTile,
      sha256,
    )
    assert.equal(made.proof.length, 16)
    const proven = verifyAnchorProof(parseAnchorProof(formatAnchorProof(made)), anchors, sha256)
    assert.deepEqual([proven.index, proven.entry], [index, Uint8Array.from(entryOf(index))])
    for (const other of [
      { ...made, index: index === 0 ? 1 : index - 1 },
      { ...made, entry: entryOf(7777) },
      { ...made, proof: made.proof.with(3, treeHash(new Uint8Array(32))) },
    ]) {
      assert.throws(() => verifyAnchorProof(other, anchors, sha256), { code: 'inclusion_mismatch' })
    }
  }
})

test('an entry that no anchor covers yet, and anchors of another log, prove nothing', async () => {
  const anchors = await anchorsOf(checkpoint, store.readTile, sha256)
  const made = await anchorProof(
    { origin: ORIGIN, index: 5, entry: entryOf(5) },
    store.readTile,
    sha256,
  )
  const refused = { code: 'bad_anchors' }
  const newer = { ...made, index: 2 * ANCHOR_SPAN + 5 }
  assert.throws(() => verifyAnchorProof(newer, anchors, sha256), refused)
  const others = { ...anchors, origin: 'localhost/another/log/declarations' }
  assert.throws(() => verifyAnchorProof(made, others, sha256), refused)
})

test('tiles that do not make the signed root give no anchors', async () => {
  const lying = new Map(store.files)
  lying.set('tile/2/000.p/2', new Uint8Array(64))
  const readTile = async (_level: number, _index: number, _width: number) =>
    lying.get('tile/2/000.p/2') ?? new Uint8Array()
  await assert.rejects(anchorsOf(checkpoint, readTile, sha256), { code: 'bad_tile' })
})

test('any other spelling of anchors and of their proofs is refused', async () => {
  const anchors = Buffer.from(formatAnchors(await anchorsOf(checkpoint, store.readTile, sha256)))
  const made = await anchorProof(
    { origin: ORIGIN, index: 5, entry: entryOf(5) },
    store.readTile,
    sha256,
  )
  const proof = Buffer.from(formatAnchorProof(made))
  for (const [bytes, parse] of [
    [anchors, parseAnchors],
    [proof, parseAnchorProof],
  ] as const) {
    for (let cut = 0; cut < bytes.length; cut += 7) {
      const line = bytes.subarray(0, cut).lastIndexOf(10) === cut - 1
      if (parse === parseAnchors && line) continue
      assert.throws(() => parse(bytes.subarray(0, cut)), TlogError)
    }
    assert.throws(() => parse(Buffer.concat([bytes, Buffer.from('\n')])), TlogError)
    assert.throws(() => parse(Buffer.from(bytes.toString().replace('/v1', '/v2'))), TlogError)
    assert.throws(
      () => parse(Buffer.from(bytes.toString().replace('origin ', 'origin'))),
      TlogError,
    )
  }
})
