import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toHex } from '../encoding/hex.ts'
import { nobleEd25519 } from './ed25519.ts'
import { TlogError } from './error.ts'
import {
  COSIGNATURE_V1,
  ED25519,
  formatVerifierKey,
  parseVerifierKey,
  signingKey,
} from './note-key.ts'

const refuses =
  (...codes: TlogError['code'][]) =>
  (error: unknown) =>
    error instanceof TlogError && codes.includes(error.code)

test('the private key published with PeterNeumann makes his verifier key', () => {
  const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
  assert.equal(
    formatVerifierKey(signingKey('PeterNeumann', ED25519, seed).key),
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  )
})

test('one seed under another name or type has another id', () => {
  const seed = new Uint8Array(32).fill(7)
  const ids = [
    signingKey('log.example', ED25519, seed),
    signingKey('log.example', COSIGNATURE_V1, seed),
    signingKey('log2.example', ED25519, seed),
  ].map(({ key }) => key.id)
  assert.equal(new Set(ids).size, 3)
})

test('no key is made under a name that no note could carry', () => {
  for (const name of ['', ' ', 'a b', 'a+b', 'a\u3000b', 'a\n', 'n'.repeat(256), '\ud800']) {
    assert.throws(() => signingKey(name, ED25519, new Uint8Array(32)), refuses('bad_key'), name)
  }
})

test('a signing key does not carry its seed', () => {
  const seed = new Uint8Array(32).fill(7)
  const key = signingKey('log.example', ED25519, seed)
  assert.ok(!JSON.stringify([key, Object.values(key.key).map(String)]).includes(toHex(seed)))
  assert.deepEqual(Object.keys(key).sort(), ['key', 'sign'])
})

test('any text is a verifier key that formats to itself, or refused', () => {
  const vkey = formatVerifierKey(signingKey('log.example', ED25519, new Uint8Array(32).fill(7)).key)
  const mutated = fc
    .tuple(fc.nat(vkey.length - 1), fc.string({ maxLength: 2 }))
    .map(([at, text]) => vkey.slice(0, at) + text + vkey.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), mutated), (text) => {
      try {
        assert.equal(formatVerifierKey(parseVerifierKey(text)), text)
      } catch (error) {
        assert.ok(refuses('bad_key', 'unknown_algorithm')(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('bytes that are no signature or no key are answered, not thrown', () => {
  const seed = new Uint8Array(32).fill(7)
  const message = Uint8Array.of(1, 2, 3)
  const signature = nobleEd25519.sign(message, seed)
  assert.equal(nobleEd25519.verify(signature, message, nobleEd25519.publicKey(seed)), true)
  const bytes = fc.uint8Array({ minLength: 30, maxLength: 66 })
  const exact = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, fc.oneof(bytes, exact), (any, key) => {
      assert.equal(nobleEd25519.verify(any, message, key), false)
      assert.equal(nobleEd25519.verify(signature, message, key), false)
    }),
  )
})
