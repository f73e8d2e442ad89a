import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { toBase64 } from '../../encoding/base64.ts'
import { isSolved, solvePuzzle } from './puzzle.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

function solve(subject: string, bits: number): string {
  const slices = solvePuzzle(subject, bits, nobleSha256, 16)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
  }
}

test('what a browser solves, the server accepts, for that subject and difficulty alone', () => {
  const solution = solve('a page', 6)
  assert.equal(isSolved('a page', 6, solution, sha256), true)
  assert.equal(isSolved('a pagf', 6, solution, sha256), false)
  assert.equal(isSolved('a page', 20, solution, sha256), false)
})

test('one wrong part is a wrong solution', () => {
  const solution = Buffer.from(solve('a page', 12), 'base64')
  for (let part = 0; part < 16; part++) {
    const wrong = Uint8Array.from(solution)
    wrong[part * 4] = 0xfe
    assert.equal(isSolved('a page', 12, toBase64(wrong), sha256), false)
  }
})

test('a solver pauses, so that a page stays alive', () => {
  const slices = solvePuzzle('x', 8, sha256, 16)
  const first = slices.next()
  assert.equal(first.done, false)
})

test('whatever a stranger sends is answered and costs a few hashes', () => {
  let hashes = 0
  const counted = (bytes: Uint8Array) => {
    hashes += 1
    return sha256(bytes)
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 90 })), (text) => {
      hashes = 0
      assert.equal(isSolved('x', 16, text, counted), false)
      assert.ok(hashes <= 17)
    }),
  )
})
