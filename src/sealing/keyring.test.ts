import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { utf8 } from '../encoding/bytes.ts'
import { identityFromSeed, openWithPassphrase } from './age.ts'
import { SealingError } from './error.ts'
import { generatePassphrase, openKeyring, sealKeyring, stretchPassphrase } from './keyring.ts'
import { encodeKeyring, KEYRING_BYTES_MAX, type Keyring, parseKeyring } from './keyring-codec.ts'

const random = (length: number) => new Uint8Array(randomBytes(length))
const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code
const key = (n: number) => new Uint8Array(32).fill(n)

const keyring: Keyring = {
  volunteer: 'volunteer-1',
  register: 'localhost/sample-register',
  rootPublicKey: key(1),
  identity: identityFromSeed(key(2)),
  signingSeed: key(3),
  directory: { size: 7, head: 'ab'.repeat(32) },
  centreIdentities: [{ centre: 'one', month: '2026-01', identity: identityFromSeed(key(4)) }],
}

test('a passphrase is seven words of the list, each word as likely as the next', () => {
  const words = generatePassphrase(random, wordlist).split(' ')
  assert.equal(words.length, 7)
  for (const word of words) assert.ok(wordlist.includes(word))
  const ends = generatePassphrase(
    () => Uint8Array.of(0, 0, 7, 255, 8, 0, 255, 255, 0, 1, 4, 0, 8, 1),
    wordlist,
  )
  const expected = [0, 2047, 0, 2047, 1, 1024, 1].map((i) => wordlist[i]).join(' ')
  assert.equal(ends, expected)
  assert.throws(() => generatePassphrase(random, wordlist.slice(1)), refusal('bad_passphrase'))
})

test('the server can learn the login proof without learning the file passphrase', async () => {
  const one = await stretchPassphrase('alpha beta', 'volunteer-1')
  assert.match(one.loginProof, /^[0-9a-f]{64}$/)
  assert.match(one.filePassphrase, /^[0-9a-f]{64}$/)
  assert.notEqual(one.loginProof, one.filePassphrase)
  assert.notDeepEqual(await stretchPassphrase('alpha beta', 'volunteer-2'), one)
  assert.deepEqual(await stretchPassphrase(' Alpha\u3000 BETA\n', 'volunteer-1'), one)
  const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301']
  const stretched = await stretchPassphrase(composed, 'volunteer-1')
  assert.deepEqual(await stretchPassphrase(decomposed, 'volunteer-1'), stretched)
})

test('a keyring opens with its passphrase and with no other', async () => {
  const holder = { ...keyring, directory: { size: 0, head: '-' }, centreIdentities: [] }
  for (const original of [keyring, holder]) {
    const file = await sealKeyring(original, 'f'.repeat(64))
    assert.deepEqual(await openKeyring(file, 'f'.repeat(64)), original)
    await assert.rejects(openKeyring(file, 'e'.repeat(64)), refusal('cannot_open'))
    const plain = await openWithPassphrase('f'.repeat(64), file)
    assert.equal(JSON.parse(Buffer.from(plain).toString()).format, 'avow/keyring/v1')
  }
})

test('any text survives the codec', () => {
  const text = fc.string({ unit: 'binary' })
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const plain = { noNullPrototype: true }
  const centreIdentity = fc.record({ centre: text, month: text, identity: text }, plain)
  const fields = {
    volunteer: text,
    register: text,
    rootPublicKey: seed,
    identity: text,
    signingSeed: seed,
    directory: fc.record({ size: fc.nat(), head: text }, plain),
    centreIdentities: fc.array(centreIdentity),
  }
  fc.assert(
    fc.property(fc.record(fields, plain), (original) => {
      assert.deepEqual(parseKeyring(encodeKeyring(original)), original)
    }),
  )
})

test('what is not exactly a keyring is refused and never quoted', () => {
  const good = new TextDecoder().decode(encodeKeyring(keyring))
  const bad = [
    '',
    'null',
    '[]',
    good.slice(1),
    good.replace('avow/keyring/v1', 'avow/keyring/v2'),
    good.replace('{', '{ '),
    good.replace('"volunteer"', '"extra":1,"volunteer"'),
    good.replace('"size":7', '"size":"7"'),
    good.replace('"size":7', '"size":-7'),
    good.replace(/"centreIdentities":\[.*?\]/, '"centreIdentities":{}'),
  ]
  for (const text of bad) {
    assert.notEqual(text, good)
    assert.throws(
      () => parseKeyring(utf8(text)),
      (error) => refusal('bad_keyring')(error) && !String(error).includes('AGE-SECRET'),
    )
  }
  const endless = { ...keyring, volunteer: 'v'.repeat(KEYRING_BYTES_MAX) }
  assert.throws(() => encodeKeyring(endless), refusal('too_large'))
  assert.throws(() => parseKeyring(new Uint8Array(KEYRING_BYTES_MAX + 1)), refusal('too_large'))
})

test('any JSON either parses or throws our error', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      assert.throws(() => parseKeyring(utf8(json)), refusal('bad_keyring'))
    }),
  )
})
