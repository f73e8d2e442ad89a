import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../encoding/bytes.ts'
import { TlogError } from './error.ts'
import { treeHash } from './hash.ts'
import {
  type AddCheckpointResponse,
  formatAddCheckpoint,
  formatAddCheckpointResponse,
  parseAddCheckpoint,
  parseAddCheckpointResponse,
} from './witness-message.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(treeHash)
const badMessage = (error: unknown) =>
  error instanceof TlogError && error.code === 'bad_witness_message'

test('a request parses to what was sent, the note byte for byte', () => {
  const note = fc.uint8Array({ maxLength: 100 })
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.array(hash, { maxLength: 63 }),
      note,
      (oldSize, proof, checkpoint) => {
        const parsed = parseAddCheckpoint(formatAddCheckpoint({ oldSize, proof, checkpoint }))
        assert.deepEqual(parsed, { oldSize, proof, checkpoint })
      },
    ),
    { numRuns: 30 },
  )
})

test('64 hashes are not sent', () => {
  const proof = Array.from({ length: 64 }, () => treeHash(new Uint8Array(32)))
  const request = { oldSize: 1, proof, checkpoint: utf8('note\n') }
  assert.throws(() => formatAddCheckpoint(request), badMessage)
  assert.equal(
    parseAddCheckpoint(formatAddCheckpoint({ ...request, proof: proof.slice(1) })).proof.length,
    63,
  )
})

test('any bytes are a request that formats to itself, or bad_witness_message', () => {
  const words = fc.constantFrom('old ', '0', '7', '\n', 'AAAA', 'old 1\n\n', `${'A'.repeat(43)}=\n`)
  const likely = fc.array(words, { maxLength: 8 }).map((all) => utf8(all.join('')))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), likely), (bytes) => {
      try {
        assert.deepEqual(formatAddCheckpoint(parseAddCheckpoint(bytes)), new Uint8Array(bytes))
      } catch (error) {
        assert.ok(badMessage(error))
      }
    }),
    { numRuns: 1000 },
  )
})

test('every answer of a witness parses to itself, with the status of C2SP tlog-witness', () => {
  const signature = { name: 'w.example', id: '01020304', signature: new Uint8Array(72) }
  const answers: [number, AddCheckpointResponse][] = [
    [200, { outcome: 'cosigned', signatures: [signature] }],
    [409, { outcome: 'conflict', size: 20_852_014 }],
    [400, { outcome: 'refused', reason: 'malformed' }],
    [403, { outcome: 'refused', reason: 'bad_signature' }],
    [404, { outcome: 'refused', reason: 'unknown_log' }],
    [422, { outcome: 'refused', reason: 'inconsistent' }],
  ]
  for (const [status, response] of answers) {
    const answer = formatAddCheckpointResponse(response)
    assert.equal(answer.status, status)
    assert.deepEqual(parseAddCheckpointResponse(answer), response)
  }
})

test('any answer parses or is bad_witness_message', () => {
  const status = fc.oneof(fc.constantFrom(200, 409), fc.integer({ min: 0, max: 999 }))
  const type = fc.constantFrom('text/x.tlog.size', 'text/plain', '')
  fc.assert(
    fc.property(status, type, fc.uint8Array({ maxLength: 60 }), (status, contentType, body) => {
      try {
        parseAddCheckpointResponse({ status, contentType, body })
      } catch (error) {
        assert.ok(badMessage(error))
      }
    }),
    { numRuns: 500 },
  )
})
