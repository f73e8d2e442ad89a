import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { challengeMessage } from '../../../src/declaration/act.ts'
import { encodeAuthorship, parseAuthorship } from '../../../src/declaration/authorship.ts'
import { encodeKeptOpenings, parseKeptOpenings } from '../../../src/declaration/kept-openings.ts'
import { fromUtf8, utf8 } from '../../../src/encoding/bytes.ts'
import { nobleEd25519 } from '../../../src/tlog/ed25519.ts'

interface Vectors<Case> {
  readonly valid: readonly Case[]
  readonly invalid: readonly (Case & { readonly comment: string; readonly code: string })[]
}

function read<Case>(name: string): Vectors<Case> {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'))
}

test('kept openings read as their vectors say', () => {
  const { valid, invalid } = read<{ json: string }>('kept-openings')
  assert.ok(valid.length > 2 && invalid.length > 4)
  for (const { json } of valid) {
    assert.equal(fromUtf8(encodeKeptOpenings(parseKeptOpenings(utf8(json)))), json)
  }
  for (const { json, comment, code } of invalid) {
    assert.throws(() => parseKeptOpenings(utf8(json)), { code }, comment)
  }
})

test('answers to a challenge read and verify as their vectors say', () => {
  const { valid, invalid } = read<{ text: string }>('authorship')
  assert.ok(valid.length > 2 && invalid.length > 4)
  for (const { text } of valid) {
    const answer = parseAuthorship(utf8(text))
    assert.equal(fromUtf8(encodeAuthorship(answer)), text)
    const { signature, challenge, author } = answer
    assert.ok(nobleEd25519.verify(signature, challengeMessage(challenge), author))
  }
  for (const { text, comment, code } of invalid) {
    assert.throws(() => parseAuthorship(utf8(text)), { code }, comment)
  }
})
