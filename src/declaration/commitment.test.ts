import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesFrom, RUNS, saltFrom, sha256 } from '../../test/support/declaration-examples.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { commit, commitmentFromBase64, newSalt, saltOf, verifyOpening } from './commitment.ts'
import { DeclarationError } from './error.ts'

const refuses = (code: DeclarationError['code']) => (error: unknown) =>
  error instanceof DeclarationError && error.code === code
const FIELDS = ['body', 'name', 'about', 'author', 'translation'] as const

test('a commitment is SHA-256 over field name, zero byte, salt and value', () => {
  const salt = saltFrom('salt')
  const value = utf8('李明')
  for (const field of FIELDS) {
    const preimage = concatBytes(utf8(`avow/${field}/v1`), Uint8Array.of(0), salt, value)
    assert.deepEqual(new Uint8Array(commit(field, salt, value, sha256)), sha256(preimage))
  }
})

test('an opening proves its field, its salt and its value, and nothing near them', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...FIELDS),
      fc.constantFrom(...FIELDS),
      fc.nat({ max: 8 * 32 - 1 }),
      (value, field, otherField, bit) => {
        const salt = saltFrom('salt')
        const commitment = commit(field, salt, value, sha256)
        assert.deepEqual(verifyOpening(commitment, field, { salt, value }, sha256), {
          field,
          value,
        })
        const flipped = new Uint8Array(salt)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const wrong = [
          { field, salt: saltOf(flipped), value },
          { field, salt, value: concatBytes(value, Uint8Array.of(0)) },
          ...(field === otherField ? [] : [{ field: otherField, salt, value }]),
        ]
        for (const { field, ...opening } of wrong) {
          assert.throws(
            () => verifyOpening(commitment, field, opening, sha256),
            refuses('opening_mismatch'),
          )
        }
      },
    ),
    { numRuns: RUNS },
  )
})

test('a salt is 32 bytes of the random source it was given', () => {
  assert.deepEqual(
    new Uint8Array(newSalt((length) => bytesFrom('x').slice(0, length))),
    bytesFrom('x'),
  )
  assert.throws(() => newSalt(() => new Uint8Array(31)), refuses('bad_commitment'))
})

test('commitments are read from padded base64 of 32 bytes only', () => {
  for (const text of [
    '',
    'AAAA',
    `${'A'.repeat(43)}`,
    `${'A'.repeat(43)}=\n`,
    `${'A'.repeat(44)}`,
  ]) {
    assert.throws(() => commitmentFromBase64(text), refuses('bad_commitment'))
  }
})
