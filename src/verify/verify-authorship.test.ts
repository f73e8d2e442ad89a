import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  bytesFrom,
  EXAMPLE_LEAF,
  RUNS,
  saltFrom,
  sha256,
} from '../../test/support/declaration-examples.ts'
import { ORIGIN } from '../../test/support/example-acts.ts'
import { answerChallenge, encodeAuthorship } from '../declaration/authorship.ts'
import { commit } from '../declaration/commitment.ts'
import { startState } from '../declaration/leaf-state.ts'
import { receiptSecrets } from '../declaration/receipt.ts'
import { encodeName } from '../declaration/values.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { VerifyError } from './error.ts'
import { type AuthorshipTrust, verifyAuthorship } from './verify-authorship.ts'

const receipt = receiptSecrets(bytesFrom('receipt').slice(0, 16))
const heir = receiptSecrets(bytesFrom('heir').slice(0, 16))
const author = { salt: saltFrom('author'), value: nobleEd25519.publicKey(receipt.authorSeed) }
const name = { salt: saltFrom('name'), value: encodeName('Sample Reed') }
const kept = { author, body: null, name }
const state = startState(
  {
    ...EXAMPLE_LEAF,
    author: commit('author', author.salt, author.value, sha256),
    name: commit('name', name.salt, name.value, sha256),
  },
  sha256,
)
const rekeyed = { ...state, rekeyed: nobleEd25519.publicKey(heir.authorSeed) }
const nonce = 'ab'.repeat(16)
const trust: AuthorshipTrust = {
  origin: ORIGIN,
  index: 3,
  state,
  nonce,
  sha256,
  file: 'answer.txt',
}
const request = {
  origin: ORIGIN,
  view: { index: 3, leafHash: state.leafHash },
  receipt,
  kept,
  challenge: { verifier: 'Sample Office', nonce, day: '2026-11-23' },
  name: null,
}
const answer = (change: Partial<Parameters<typeof answerChallenge>[0]> = {}) =>
  encodeAuthorship(answerChallenge({ ...request, ...change }))

test('the holder of the key answers, and opens the name only when they want to', () => {
  const evidence = verifyAuthorship(answer(), trust)
  assert.deepEqual([evidence.index, evidence.verifier, evidence.name], [3, 'Sample Office', null])
  assert.equal(verifyAuthorship(answer({ name }), trust).name, 'Sample Reed')
})

test('after a change of receipt the new one answers and the old one does not', () => {
  const later = { ...trust, state: rekeyed }
  assert.deepEqual(verifyAuthorship(answer({ receipt: heir }), later).author, rekeyed.rekeyed)
  assert.throws(() => verifyAuthorship(answer(), later), { code: 'bad_proof' })
  assert.throws(() => verifyAuthorship(answer({ receipt: heir }), trust), { code: 'bad_proof' })
})

test('an answer to another question, about another entry, by another key or name is refused', () => {
  const other = { ...request.challenge, nonce: 'cd'.repeat(16) }
  const wrongName = { ...name, value: encodeName('Another Reed') }
  const refused: [string, Uint8Array, AuthorshipTrust][] = [
    ['another question', answer({ challenge: other }), trust],
    ['another index', answer(), { ...trust, index: 4 }],
    ['another leaf', answer(), { ...trust, state: { ...state, leafHash: 'ab'.repeat(32) } }],
    ['another register', answer(), { ...trust, origin: 'localhost/other/log/declarations' }],
    ['a name that is not there', answer({ name: wrongName }), trust],
    [
      'another salt',
      answer({ kept: { ...kept, author: { ...author, salt: saltFrom('x') } } }),
      trust,
    ],
  ]
  for (const [what, bytes, against] of refused) {
    assert.throws(() => verifyAuthorship(bytes, against), { code: 'bad_proof' }, what)
  }
})

test('one changed byte of an answer never verifies and throws only a finding', () => {
  const bytes = answer({ name })
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ flip
      try {
        const { verifier, day } = verifyAuthorship(changed, trust)
        assert.fail(`it verified for ${verifier} on ${day}`)
      } catch (error) {
        assert.ok(error instanceof VerifyError, String(error))
      }
    }),
    { numRuns: RUNS },
  )
})
