import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateIdentity, identityFromSeed, recipientOf, sealTo } from './age.ts'
import { readAgeFile } from './age-reader.ts'
import { hybridRecipientOfSeed } from './age-recipient.ts'
import { writeAgeFile } from './age-writer.ts'
import { SealingError } from './error.ts'

const random = (length: number) => Uint8Array.from(randomBytes(length))
const seed = new Uint8Array(32).fill(9)
const cannotOpen = (error: unknown) => error instanceof SealingError && error.code === 'cannot_open'

test('what this writer or the age library sealed to a seed is read back, whatever its length', async () => {
  const recipient = await recipientOf(identityFromSeed(seed))
  for (const length of [0, 1, 2048, 65_535, 65_536, 65_537, 131_072]) {
    const bytes = random(length)
    assert.deepEqual(readAgeFile(seed, writeAgeFile(recipient, bytes, random)), bytes)
    assert.deepEqual(readAgeFile(seed, await sealTo([recipient], bytes)), bytes)
  }
})

test('the right stanza is found among those of others', async () => {
  const others = await Promise.all([generateIdentity(), generateIdentity()])
  const recipients = await Promise.all(others.map(recipientOf))
  const file = await sealTo([...recipients, hybridRecipientOfSeed(seed)], Buffer.from('a'))
  assert.deepEqual(readAgeFile(seed, file), Uint8Array.of(97))
})

test('another’s file, one changed byte and a cut file do not open', () => {
  const file = writeAgeFile(hybridRecipientOfSeed(seed), random(70_000), random)
  assert.throws(() => readAgeFile(new Uint8Array(32), file), cannotOpen)
  for (const at of [0, 30, 300, 1600, 1700, 1720, file.length - 1]) {
    const changed = Uint8Array.from(file)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => readAgeFile(seed, changed), cannotOpen, `byte ${at}`)
  }
  for (const cut of [file.length - 1, file.length - 70_000 + 65_552, 1000, 0]) {
    assert.throws(() => readAgeFile(seed, file.subarray(0, cut)), cannotOpen, `cut at ${cut}`)
  }
})

test('any bytes either open or are refused as ours', () => {
  const file = writeAgeFile(hybridRecipientOfSeed(seed), random(100), random)
  const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1 })
  fc.assert(
    fc.property(changes, (edits) => {
      const changed = Uint8Array.from(file)
      for (const [at, byte] of edits) changed[at] = byte
      try {
        readAgeFile(seed, changed)
      } catch (error) {
        assert.ok(error instanceof SealingError)
      }
    }),
    { numRuns: 40 },
  )
})
