import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { growTree } from '../../test/support/memory-tiles.ts'
import { sha256 } from '../../test/support/naive-tree.ts'
import { utf8 } from '../encoding/bytes.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { TlogError } from './error.ts'
import { treeHash } from './hash.ts'
import { ED25519, formatVerifierKey, signingKey } from './note-key.ts'
import { parsePolicy } from './policy.ts'
import { inclusionProof } from './proof.ts'
import { signNote } from './signed-note.ts'
import { formatTlogProof, MAX_EXTRA_BYTES, parseTlogProof, verifyTlogProof } from './tlog-proof.ts'

const log = signingKey('log.example', ED25519, new Uint8Array(32).fill(1))
const policy = parsePolicy(`log ${formatVerifierKey(log.key)}\nquorum none\n`)
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(treeHash)
const badProof = (error: unknown) => error instanceof TlogError && error.code === 'bad_proof'

test('a proof made from tiles of several levels verifies offline, and one flipped byte does not', async () => {
  const size = 66_000
  const { root, store } = growTree([size])
  const index = 65_700
  const proof = await inclusionProof(index, size, store.readTile, sha256)
  const checkpoint = signNote(formatCheckpoint({ origin: 'log.example', size, root }), [log])
  const bytes = formatTlogProof({ extra: null, index, proof, checkpoint })
  const entry = utf8(`leaf ${index}`)
  const evidence = verifyTlogProof(parseTlogProof(bytes), entry, policy, sha256)
  assert.equal(evidence.index, index)
  assert.equal(evidence.checkpoint.size, size)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = new Uint8Array(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    assert.throws(
      () => verifyTlogProof(parseTlogProof(flipped), entry, policy, sha256),
      TlogError,
      `byte ${at}`,
    )
  }
})

test('what is formatted parses to the same', () => {
  const note = utf8('any bytes: the checkpoint is not looked at\n')
  const extra = fc.option(fc.uint8Array({ maxLength: 100 }))
  fc.assert(
    fc.property(
      extra,
      fc.maxSafeNat(),
      fc.array(hash, { maxLength: 63 }),
      (extra, index, proof) => {
        const parsed = parseTlogProof(formatTlogProof({ extra, index, proof, checkpoint: note }))
        assert.deepEqual(parsed, { extra, index, proof, checkpoint: note })
      },
    ),
    { numRuns: 30 },
  )
})

test('any bytes are a proof that formats to itself, or bad_proof', () => {
  const words = fc.constantFrom(
    'c2sp.org/tlog-proof@v1\n',
    'extra ',
    'index ',
    '0\n',
    '\n',
    'AAAA\n',
  )
  const likely = fc.array(words, { maxLength: 8 }).map((all) => utf8(all.join('')))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), likely), (bytes) => {
      try {
        assert.deepEqual(formatTlogProof(parseTlogProof(bytes)), new Uint8Array(bytes))
      } catch (error) {
        assert.ok(badProof(error))
      }
    }),
    { numRuns: 1000 },
  )
})

test('extra data has a bound', () => {
  const proof = { index: 0, proof: [], checkpoint: utf8('\n') }
  const extra = new Uint8Array(MAX_EXTRA_BYTES)
  assert.equal(parseTlogProof(formatTlogProof({ ...proof, extra })).extra?.length, MAX_EXTRA_BYTES)
  const more = new Uint8Array(MAX_EXTRA_BYTES + 1)
  assert.throws(() => formatTlogProof({ ...proof, extra: more }), badProof)
})
