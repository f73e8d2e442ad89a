import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromUtf8, utf8 } from '../../../src/encoding/bytes.ts'
import {
  formatAnchorProof,
  formatAnchors,
  parseAnchorProof,
  parseAnchors,
  verifyAnchorProof,
} from '../../../src/tlog/anchors.ts'
import { TlogError } from '../../../src/tlog/error.ts'
import { sha256 } from '../../support/naive-tree.ts'

type Case = { readonly comment?: string; readonly index?: number; readonly proof: string }
type Vectors = { readonly anchors: string } & Readonly<
  Record<'valid' | 'refused' | 'malformed', readonly Case[]>
>
const vectors: Vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'anchors.json'), 'utf8'))
const anchors = parseAnchors(utf8(vectors.anchors))

test('anchors and proofs to them are written as the vectors have them', () => {
  assert.equal(fromUtf8(formatAnchors(anchors)), vectors.anchors)
  for (const { index, proof } of vectors.valid) {
    const parsed = parseAnchorProof(utf8(proof))
    assert.equal(fromUtf8(formatAnchorProof(parsed)), proof)
    const { entry } = verifyAnchorProof(parsed, anchors, sha256)
    assert.equal(fromUtf8(entry), `leaf ${index}`)
  }
})

test('what does not hold is refused, and what is malformed does not parse', () => {
  for (const { comment, proof } of vectors.refused) {
    const parsed = parseAnchorProof(utf8(proof))
    assert.throws(() => verifyAnchorProof(parsed, anchors, sha256), TlogError, comment)
  }
  for (const { comment, proof } of vectors.malformed) {
    assert.throws(() => parseAnchorProof(utf8(proof)), TlogError, comment)
  }
})
