import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { toBase64 } from '../encoding/base64.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { SealingError } from './error.ts'
import {
  openPasskeyName,
  sealPasskeyName,
  unwrapFilePassphrase,
  wrapFilePassphrase,
} from './passkey-wrap.ts'
import { deriveRecoveryKeys, openRecovery, sealRecovery } from './recovery.ts'
import { formatShare, parseShare } from './recovery-share.ts'

interface Vectors {
  readonly secret: string
  readonly identity: string
  readonly signingKey: string
  readonly split: string
  readonly shares: readonly {
    readonly needed: number
    readonly number: number
    readonly points: string
    readonly coordinate: number
    readonly words: string
  }[]
  readonly invalid: readonly { readonly why: string; readonly words: string }[]
  readonly passkey: {
    readonly prf: string
    readonly volunteer: string
    readonly credential: string
    readonly filePassphrase: string
    readonly nonce: string
    readonly wrapped: string
  }
}
const path = new URL('../../test/vectors/sealing/recovery.json', import.meta.url)
const vectors: Vectors = JSON.parse(readFileSync(path, 'utf8'))

test('keys and shares follow from the secret as the vectors say', async () => {
  const keys = await deriveRecoveryKeys(fromHex(vectors.secret))
  assert.equal(keys.identity, vectors.identity)
  assert.equal(toBase64(keys.signingKey), vectors.signingKey)
  assert.equal(keys.split, vectors.split)
  for (const { words, points, ...rest } of vectors.shares) {
    const share = { split: vectors.split, points: fromHex(points), ...rest }
    assert.equal(formatShare(share, wordlist), words)
    assert.deepEqual(parseShare(words, wordlist), share)
  }
  for (const { why, words } of vectors.invalid) {
    assert.throws(() => parseShare(words, wordlist), { code: 'bad_share' }, why)
  }
})

test('any words are a share or refused as none', () => {
  const words = fc.array(fc.constantFrom(...wordlist), { maxLength: 30 })
  fc.assert(
    fc.property(words, (some) => {
      try {
        parseShare(some.join(' '), wordlist)
      } catch (error) {
        assert.ok(error instanceof SealingError)
      }
    }),
  )
})

test('a recovery file opens for its own secret and says what was sealed', async () => {
  const keys = await deriveRecoveryKeys(new Uint8Array(28).fill(1))
  const other = await deriveRecoveryKeys(new Uint8Array(28).fill(2))
  const contents = {
    register: 'localhost/test',
    rootPublicKey: new Uint8Array(32).fill(3),
    directory: { size: 7, head: 'ab'.repeat(32) },
    centreIdentities: [{ centre: 'global', month: '2026-01', identity: 'AGE-SECRET-KEY-PQ-1X' }],
  }
  const file = await sealRecovery(contents, keys.recipient)
  assert.deepEqual(await openRecovery(file, keys.identity), contents)
  await assert.rejects(openRecovery(file, other.identity), { code: 'cannot_open' })
})

test('a wrapped passphrase opens with its own answer, account and credential only', () => {
  const { prf, volunteer, credential, filePassphrase, nonce, wrapped } = vectors.passkey
  const place = { volunteer, credential }
  const answer = fromHex(prf)
  const made = wrapFilePassphrase(answer, place, filePassphrase, () => fromHex(nonce))
  assert.equal(toHex(made), wrapped)
  assert.equal(unwrapFilePassphrase(answer, place, made), filePassphrase)
  const refused = { code: 'cannot_open' }
  const elsewhere = [
    { ...place, volunteer: 'somebody-else' },
    { ...place, credential: `${credential}A` },
  ]
  for (const wrong of elsewhere) {
    assert.throws(() => unwrapFilePassphrase(answer, wrong, made), refused)
  }
  assert.throws(() => unwrapFilePassphrase(new Uint8Array(32), place, made), refused)
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const name = sealPasskeyName(filePassphrase, place, '蓝色的电脑', random)
  assert.equal(openPasskeyName(filePassphrase, place, name), '蓝色的电脑')
})
