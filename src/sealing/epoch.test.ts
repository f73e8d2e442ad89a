import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { brandBytes, concatBytes } from '../encoding/bytes.ts'
import { type Aead, nobleXChaCha20Poly1305, xchacha20Poly1305With } from './aead.ts'
import { identityFromSeed, recipientOf, sealTo } from './age.ts'
import { EPOCH_ROWS_MAX, endEpoch, openEpochStart, openRows, sealRow, startEpoch } from './epoch.ts'
import { SealingError } from './error.ts'
import { pad } from './padding.ts'

const random = (length: number) => new Uint8Array(randomBytes(length))
const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

const identity = identityFromSeed(new Uint8Array(32).fill(3))
const recipients = [await recipientOf(identity)]
const start = (aead?: Aead) =>
  startEpoch({ centre: 'centre-one', recipients, random, ...(aead === undefined ? {} : { aead }) })
const plaintext = (n: number) => pad(Uint8Array.of(n))

test('rows open with the start key of their epoch, in any order and with gaps', async () => {
  const { epoch, row } = await start()
  const rows = [0, 1, 2, 3, 4].map((n) => sealRow(epoch, plaintext(n)))
  assert.deepEqual(
    rows.map((sealed) => sealed.index),
    [0, 1, 2, 3, 4],
  )
  const key = await openEpochStart(row.sealedStart, [identity])
  const some = [rows[4], rows[1], rows[3]].flatMap((sealed) => sealed ?? [])
  assert.deepEqual(
    openRows(key, 'centre-one', row.id, some),
    [1, 3, 4].map((n) => ({ index: n, plaintext: plaintext(n) })),
  )
})

test('memory taken after row i opens row i+1 and nothing sealed before', async () => {
  const { epoch } = await start()
  const buffer = epoch.chainKey
  const sealed = [sealRow(epoch, plaintext(0)), sealRow(epoch, plaintext(1))]
  const seized = brandBytes(epoch.chainKey.slice(), 'StartKey', 32)
  const after = sealRow(epoch, plaintext(2))
  assert.equal(epoch.chainKey, buffer, 'the key is overwritten in place, not replaced')

  // An attacker who knows the scheme tries the seized key at every step and every index.
  for (const { ciphertext } of sealed) {
    for (let step = 0; step < 8; step++) {
      const guess = (context: number) =>
        openRows(seized, 'centre-one', epoch.id, [{ index: step, ciphertext }], {
          ...nobleXChaCha20Poly1305,
          open: (key, nonce, bytes, text) =>
            nobleXChaCha20Poly1305.open(key, nonce, withIndex(bytes, context), text),
        })
      for (const context of [0, 1, 2]) assert.throws(() => guess(context), refusal('row_refused'))
    }
  }
  const opened = openRows(seized, 'centre-one', epoch.id, [{ ...after, index: 0 }], {
    ...nobleXChaCha20Poly1305,
    open: (key, nonce, bytes, text) =>
      nobleXChaCha20Poly1305.open(key, nonce, withIndex(bytes, 2), text),
  })
  assert.deepEqual(opened[0]?.plaintext, plaintext(2), 'the attack itself works where it should')
})

test('the key of a row is wiped once it was used', async () => {
  const used: Uint8Array[] = []
  const { epoch } = await start({
    ...nobleXChaCha20Poly1305,
    seal: (key, ...rest) => {
      used.push(key)
      assert.notDeepEqual(key, new Uint8Array(32))
      return nobleXChaCha20Poly1305.seal(key, ...rest)
    },
  })
  sealRow(epoch, plaintext(0))
  assert.deepEqual(used, [new Uint8Array(32)])
})

test('an ended epoch is wiped and seals nothing more', async () => {
  const { epoch } = await start()
  endEpoch(epoch)
  assert.deepEqual(epoch.chainKey, new Uint8Array(32))
  assert.throws(() => sealRow(epoch, plaintext(0)), refusal('epoch_ended'))
})

test('an epoch holds 4,096 rows and the last of them opens', async () => {
  const { epoch, row } = await start()
  let last = sealRow(epoch, plaintext(0))
  while (last.index < EPOCH_ROWS_MAX - 1) last = sealRow(epoch, plaintext(1))
  assert.throws(() => sealRow(epoch, plaintext(2)), refusal('epoch_ended'))
  const key = await openEpochStart(row.sealedStart, [identity])
  assert.equal(openRows(key, 'centre-one', row.id, [last])[0]?.index, 4095)
})

test('a row moved to another index, epoch or centre, or altered, is refused', async () => {
  const { epoch, row } = await start()
  const [first, second] = [sealRow(epoch, plaintext(0)), sealRow(epoch, plaintext(1))]
  const key = await openEpochStart(row.sealedStart, [identity])
  const open = (centre: string, id: Uint8Array, index: number, ciphertext: Uint8Array) => () =>
    openRows(key, centre, id, [{ index, ciphertext }])
  assert.doesNotThrow(open('centre-one', row.id, 0, first.ciphertext))
  assert.throws(open('centre-one', row.id, 1, first.ciphertext), refusal('row_refused'))
  assert.throws(open('centre-one', row.id, 0, second.ciphertext), refusal('row_refused'))
  assert.throws(open('centre-two', row.id, 0, first.ciphertext), refusal('row_refused'))
  assert.throws(open('centre-one', random(16), 0, first.ciphertext), refusal('row_refused'))
  const altered = first.ciphertext.with(5, (first.ciphertext[5] ?? 0) ^ 1)
  assert.throws(open('centre-one', row.id, 0, altered), refusal('row_refused'))
  assert.throws(open('centre-one', row.id, 0, new Uint8Array(3)), refusal('row_refused'))
  // Refused by the index itself: an index of a billion must not cost a billion steps.
  for (const index of [-1, 0.5, Number.NaN, EPOCH_ROWS_MAX]) {
    assert.throws(open('centre-one', row.id, index, first.ciphertext), /row index out of range/)
  }
  const twice = () => openRows(key, 'centre-one', row.id, [first, first])
  assert.throws(twice, /given twice/)
})

test('a start that is not 32 bytes is refused', async () => {
  const short = await sealTo(recipients, random(31))
  await assert.rejects(openEpochStart(short, [identity]), refusal('bad_key'))
})

test('a text that was not padded is not sealed and costs no index', async () => {
  const { epoch } = await start()
  assert.throws(() => sealRow(epoch, new Uint8Array(100)), refusal('not_padded'))
  assert.equal(sealRow(epoch, plaintext(0)).index, 0)
})

test('equal plaintexts make different rows of equal length', async () => {
  const { epoch } = await start()
  const [a, b] = [sealRow(epoch, plaintext(7)), sealRow(epoch, plaintext(7))]
  assert.notDeepEqual(a.ciphertext, b.ciphertext)
  assert.deepEqual([a.ciphertext.length, b.ciphertext.length], [2064, 2064])
})

test("the platform's own ChaCha20-Poly1305 makes and opens the same rows", async () => {
  const platform = xchacha20Poly1305With(openssl)
  const fixed = (length: number) => new Uint8Array(length).fill(length)
  const options = { centre: 'c', recipients, random: fixed }
  const ours = (await startEpoch(options)).epoch
  const theirs = (await startEpoch({ ...options, aead: platform })).epoch
  const key = brandBytes(fixed(32), 'StartKey', 32)
  for (let n = 0; n < 5; n++) {
    const row = sealRow(theirs, plaintext(n))
    assert.deepEqual(row, sealRow(ours, plaintext(n)))
    assert.deepEqual(openRows(key, 'c', ours.id, [row], platform)[0]?.plaintext, plaintext(n))
  }
})

test('a centre whose name could be mistaken for a line is refused', async () => {
  for (const centre of ['', 'a\nb', 'a b', 'é', 'a'.repeat(65)]) {
    await assert.rejects(startEpoch({ centre, recipients, random }), refusal('bad_context'))
  }
})

function withIndex(context: Uint8Array, index: number): Uint8Array {
  const lines = new TextDecoder().decode(context).split('\n')
  lines[3] = String(index)
  return new TextEncoder().encode(lines.join('\n'))
}

const openssl: Aead = {
  seal: (key, nonce, context, bytes) => {
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
    cipher.setAAD(context, { plaintextLength: bytes.length })
    const body = concatBytes(cipher.update(bytes), cipher.final())
    return concatBytes(body, cipher.getAuthTag())
  },
  open: (key, nonce, context, bytes) => {
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
    decipher.setAAD(context, { plaintextLength: bytes.length - 16 })
    decipher.setAuthTag(bytes.subarray(-16))
    return concatBytes(decipher.update(bytes.subarray(0, -16)), decipher.final())
  },
}
