import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { generateX25519Identity } from 'age-encryption'
import fc from 'fast-check'
import { generateIdentity, identityFromSeed, openWith, recipientOf } from './age.ts'
import { hybridRecipientOfSeed, parseAgeRecipient } from './age-recipient.ts'
import { sealedBytes, writeAgeFile } from './age-writer.ts'
import { SealingError } from './error.ts'

const random = (length: number) => Uint8Array.from(randomBytes(length))
const SIZES = [0, 1, 2048, 65_535, 65_536, 65_537, 131_072, 200_000]

for (const generate of [generateIdentity, generateX25519Identity]) {
  test(`what is written opens with the age library, at every edge of a chunk: ${generate.name}`, async () => {
    const identity = await generate()
    const recipient = await recipientOf(identity)
    for (const size of SIZES) {
      const bytes = random(size)
      const file = writeAgeFile(recipient, bytes, random)
      assert.deepEqual(await openWith([identity], file), bytes)
      const head = Buffer.from(file).indexOf('\n--- ')
      const payload = file.length - (Buffer.from(file).indexOf('\n', head + 1) + 1)
      assert.equal(sealedBytes(payload), size)
    }
  })
}

test('another identity does not open it, nor the right one after a byte changed', async () => {
  const identity = await generateIdentity()
  const file = writeAgeFile(await recipientOf(identity), random(2048), random)
  await assert.rejects(openWith([await generateIdentity()], file), SealingError)
  for (const at of [40, 1500, file.length - 20]) {
    const wrong = Uint8Array.from(file)
    wrong[at] = (wrong[at] ?? 0) ^ 1
    await assert.rejects(openWith([identity], wrong), SealingError)
  }
})

test('a receipt’s recipient is the one its identity has', async () => {
  for (const seed of [new Uint8Array(32), random(32), random(32)]) {
    assert.equal(hybridRecipientOfSeed(seed), await recipientOf(identityFromSeed(seed)))
  }
})

test('a recipient with a wrong checksum, prefix or length is refused', async () => {
  const recipient = await recipientOf(await generateIdentity())
  const at = recipient.length - 3
  const altered =
    recipient.slice(0, at) + (recipient[at] === 'q' ? 'p' : 'q') + recipient.slice(at + 1)
  for (const wrong of [
    '',
    'age1',
    altered,
    recipient.toUpperCase(),
    recipient.replace('age1pq', 'age1'),
  ]) {
    assert.throws(() => parseAgeRecipient(wrong), SealingError)
  }
})

test('any text either parses or is refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((tail) => `age1pq1${tail}`),
      ),
      (text) => {
        try {
          parseAgeRecipient(text)
        } catch (error) {
          assert.ok(error instanceof SealingError)
        }
      },
    ),
  )
})
