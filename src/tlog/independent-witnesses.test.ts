import assert from 'node:assert/strict'
import { test } from 'node:test'
import { independentWitnesses, ownWitnessName } from './independent-witnesses.ts'
import { COSIGNATURE_V1, ED25519, formatVerifierKey, signingKey } from './note-key.ts'
import { parsePolicy } from './policy.ts'

const REGISTER = 'register.example/one'
const logs = ['declarations', 'events'].map((id, i) => {
  const { key } = signingKey(`${REGISTER}/log/${id}`, ED25519, new Uint8Array(32).fill(i))
  return `log ${formatVerifierKey(key)}\n`
})
const names = [
  ownWitnessName(REGISTER),
  `${REGISTER}/witness/second`,
  'other.example/w',
  'register.example/one-more',
]
const witnesses = names.map((name, i) => {
  const { key } = signingKey(name, COSIGNATURE_V1, new Uint8Array(32).fill(10 + i))
  return `witness w${i} ${formatVerifierKey(key)}\n`
})

function independent(rules: string, cosigned: readonly string[]): string[] {
  const policy = parsePolicy(`${logs.join('')}${witnesses.join('')}${rules}\n`)
  return independentWitnesses(
    policy,
    cosigned.map((name) => ({ name })),
  )
}

test('without a quorum, or with one that the register reaches alone, nobody is independent', () => {
  const all = ['w0', 'w1', 'w2', 'w3']
  assert.deepEqual(independent('quorum none', all), [])
  assert.deepEqual(independent('quorum w0', all), [])
  assert.deepEqual(independent('group g 2 w0 w1 w2 w3\nquorum g', all), [])
  assert.deepEqual(independent('group g any w0 w2\nquorum g', all), [])
})

test('where a quorum needs another operator, the others that cosigned are named', () => {
  assert.deepEqual(independent('quorum w2', ['w0', 'w2']), ['w2'])
  assert.deepEqual(independent('group g all w0 w2\nquorum g', ['w0', 'w2']), ['w2'])
  const rules = 'group g 3 w0 w1 w2 w3\nquorum g'
  assert.deepEqual(independent(rules, ['w0', 'w1', 'w3']), ['w3'])
  assert.deepEqual(independent(rules, ['w0', 'w3', 'w2']), ['w3', 'w2'])
})
