import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../encoding/bytes.ts'
import {
  generateIdentity,
  identityFromSeed,
  openWith,
  openWithPassphrase,
  RECIPIENTS_MAX,
  recipientOf,
  sealTo,
  sealWithPassphrase,
} from './age.ts'
import { SealingError } from './error.ts'

const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

const identity = identityFromSeed(new Uint8Array(32).fill(1))
const other = identityFromSeed(new Uint8Array(32).fill(2))
const content = utf8('what was said in confidence')
let recipient = ''
before(async () => {
  recipient = await recipientOf(identity)
})

test('what is sealed to two recipients opens for each of them and for nobody else', async () => {
  const file = await sealTo([recipient, await recipientOf(other)], content)
  assert.deepEqual(await openWith([identity], file), content)
  assert.deepEqual(await openWith([other], file), content)
  await assert.rejects(openWith([await generateIdentity()], file), refusal('cannot_open'))
  await assert.rejects(openWith([], file), refusal('cannot_open'))
})

test('sealing is to the hybrid post-quantum stanza', async () => {
  const file = await sealTo([recipient], content)
  const header = Buffer.from(file).toString('latin1').split('\n--- ')[0] ?? ''
  assert.deepEqual(
    header.match(/^-> \S+/gm),
    ['-> mlkem768x25519'],
    'ciphertext is harvested today to be opened later',
  )
})

test('a seed always gives the same identity and age reads it as its own', async () => {
  const seed = new Uint8Array(randomBytes(32))
  assert.equal(identityFromSeed(seed), identityFromSeed(seed.slice()))
  assert.match(identityFromSeed(seed), /^AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}$/)
  assert.match(await recipientOf(identityFromSeed(seed)), /^age1pq1[02-9ac-hj-np-z]{1952}$/)
  assert.match(await generateIdentity(), /^AGE-SECRET-KEY-PQ-1/)
  assert.throws(() => identityFromSeed(seed.subarray(1)), refusal('bad_key'))
})

test('a file with one altered byte does not open', async () => {
  const file = await sealTo([recipient], content)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: file.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const altered = file.slice()
        altered[at] = (altered[at] ?? 0) ^ flip
        await assert.rejects(openWith([identity], altered), refusal('cannot_open'))
      },
    ),
    { numRuns: process.env['SLOW'] === undefined ? 40 : 2000 },
  )
})

test('a file cut at any length does not open', async () => {
  const file = await sealTo([recipient], new Uint8Array(70_000))
  for (const length of [0, 1, 22, 200, 1700, file.length - 65_600, file.length - 1]) {
    await assert.rejects(openWith([identity], file.subarray(0, length)), refusal('cannot_open'))
  }
})

test('any bytes throw our error and nothing else', async () => {
  const header = utf8('age-encryption.org/v1\n-> ')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, dressed) => {
      const file = dressed ? Uint8Array.of(...header, ...bytes) : bytes
      await assert.rejects(openWith([identity], file), SealingError)
      await assert.rejects(openWithPassphrase('x', file), SealingError)
    }),
  )
})

test('a header that names too many recipients is refused before a key is tried', async () => {
  const stanza = `-> mlkem768x25519 ${'A'.repeat(1494)}\n${'A'.repeat(43)}\n`
  const forged = (count: number) =>
    utf8(`age-encryption.org/v1\n${stanza.repeat(count)}--- ${'A'.repeat(43)}\n`)
  await assert.rejects(
    openWith([identity], forged(RECIPIENTS_MAX + 1)),
    /recipients in an age file/,
  )
  await assert.rejects(openWith([identity], forged(200)), /no age header/)
})

test('a passphrase file that asks for too much memory is refused', async () => {
  const file = utf8(
    `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 19\n${'A'.repeat(43)}\n--- `,
  )
  await assert.rejects(openWithPassphrase('x', file), /work factor/)
})

test('a passphrase file opens with its passphrase only', async () => {
  const file = await sealWithPassphrase('seven words', content, 10)
  assert.deepEqual(await openWithPassphrase('seven words', file), content)
  await assert.rejects(openWithPassphrase('seven word', file), refusal('cannot_open'))
})

test('what is no recipient or no identity is refused by name and not quoted', async () => {
  const mistyped = recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
  for (const bad of ['', 'age1', mistyped, identity, `${recipient} `]) {
    await assert.rejects(sealTo([bad], content), refusal('bad_recipient'))
  }
  await assert.rejects(sealTo([], content), refusal('bad_recipient'))
  const tooMany = Array.from({ length: RECIPIENTS_MAX + 1 }, () => recipient)
  await assert.rejects(sealTo(tooMany, content), refusal('bad_recipient'))
  const secret = identity.replace(/.$/, '')
  await assert.rejects(
    recipientOf(secret),
    (error) => refusal('bad_identity')(error) && !String(error).includes(secret),
  )
})
