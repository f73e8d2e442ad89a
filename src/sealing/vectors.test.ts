import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { recipientOf } from './age.ts'
import { verifyDirectory } from './directory.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { openEpochStart, openRows, sealRow, startEpoch } from './epoch.ts'
import { SealingError } from './error.ts'
import { openKeyring, stretchPassphrase } from './keyring.ts'
import { encodeKeyring, parseKeyring } from './keyring-codec.ts'
import { pad, unpad } from './padding.ts'
import { stepRatchet } from './ratchet.ts'

const root = new URL('../../', import.meta.url)
function load<Vector>(name: string): Vector {
  const vector: Vector = JSON.parse(
    readFileSync(new URL(`test/vectors/sealing/${name}.json`, root), 'utf8'),
  )
  return vector
}
const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

test('padding vectors', () => {
  const { valid, invalid } = load<{
    valid: { contentLength: number; paddedLength: number; paddedSha256: string }[]
    invalid: { comment: string; head: string; length: number; last?: string }[]
  }>('padding')
  for (const { contentLength, paddedLength, paddedSha256 } of valid) {
    const padded = pad(new Uint8Array(contentLength).fill(0x61))
    assert.deepEqual([padded.length, toHex(sha256(padded))], [paddedLength, paddedSha256])
  }
  for (const { comment, head, length, last } of invalid) {
    const padded = new Uint8Array(length)
    padded.set(fromHex(head))
    if (last !== undefined) padded.set(fromHex(last), length - 1)
    assert.throws(() => unpad(padded), SealingError, comment)
  }
  assert.ok(valid.length > 0 && invalid.length > 0)
})

type RowVector = {
  centre: string
  epochId: string
  identity: string
  startKey: string
  sealedStart: string
  rows: {
    index: number
    content: string
    chainKey: string
    key: string
    nonce: string
    ciphertext: string
  }[]
  invalid: {
    comment: string
    centre: string
    epochId: string
    index: number
    ciphertext: string
  }[]
}

test('sealed row vectors open, and the altered ones do not', async () => {
  const vector = load<RowVector>('sealed-row')
  const start = await openEpochStart(fromBase64(vector.sealedStart), [vector.identity])
  assert.equal(toHex(start), vector.startKey)
  const rows = vector.rows.map(({ index, ciphertext }) => ({
    index,
    ciphertext: fromBase64(ciphertext),
  }))
  const opened = openRows(start, vector.centre, fromHex(vector.epochId), rows)
  assert.deepEqual(
    opened.map(({ plaintext }) => fromUtf8(unpad(plaintext))),
    vector.rows.map(({ content }) => content),
  )
  for (const { comment, centre, epochId, index, ciphertext } of vector.invalid) {
    const forged = [{ index, ciphertext: fromBase64(ciphertext) }]
    const open = () => openRows(start, centre, fromHex(epochId), forged)
    assert.throws(open, refusal('row_refused'), comment)
  }
})

test('sealing again gives the row vectors and the keys they show', async () => {
  const { centre, epochId, startKey, identity, rows } = load<RowVector>('sealed-row')
  const draws = [fromHex(epochId), fromHex(startKey)]
  const random = (length: number) => draws.shift() ?? new Uint8Array(length)
  const { epoch } = await startEpoch({ centre, recipients: [await recipientOf(identity)], random })
  for (const row of rows.slice(0, 3)) {
    const { key, nonce } = stepRatchet(fromHex(row.chainKey))
    assert.deepEqual([toHex(key), toHex(nonce)], [row.key, row.nonce])
    assert.equal(toHex(epoch.chainKey), row.chainKey)
    assert.equal(toBase64(sealRow(epoch, pad(utf8(row.content))).ciphertext), row.ciphertext)
  }
})

test('the documented script opens a row with nothing but the files and the identity', () => {
  const { centre, epochId, identity, sealedStart, rows } = load<RowVector>('sealed-row')
  const folder = mkdtempSync(join(tmpdir(), 'avow-open-row-'))
  try {
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const key = write('identity.txt', utf8(`# a comment\n${identity}\n`))
    const epoch = write('epoch.age', fromBase64(sealedStart))
    const script = new URL('scripts/open-row.ts', root).pathname
    assert.ok(readFileSync(script, 'utf8').split('\n').length <= 31, 'short enough to retype')
    for (const { index, content, ciphertext } of rows) {
      const row = write('row.bin', fromBase64(ciphertext))
      const args = [script, key, epoch, row, centre, epochId, String(index)]
      const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
      assert.equal(run.stderr, '')
      assert.equal(run.stdout, content)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('directory vectors', () => {
  const vector = load<{
    register: string
    rootPublicKey: string
    entries: DirectoryEntry[]
    state: {
      size: number
      head: string
      centres: Record<string, { month: string; recipientOfEntry: number; closedThrough: string }>
      volunteers: string[]
      suspendedVolunteers: string[]
      formerVolunteers: Record<string, number>
    }
    invalid: { comment: string; code: string; entries: (number | DirectoryEntry)[] }[]
  }>('directory')
  const { register, entries, state } = vector
  const key = fromBase64(vector.rootPublicKey)
  const directory = verifyDirectory(entries, register, key)
  assert.deepEqual([directory.size, directory.head], [state.size, state.head])
  assert.deepEqual([...directory.volunteers.keys()], state.volunteers)
  assert.deepEqual([...directory.suspendedVolunteers.keys()], state.suspendedVolunteers)
  const former = [...directory.formerVolunteers].map(([id, { revokedAt }]) => [id, revokedAt])
  assert.deepEqual(Object.fromEntries(former), state.formerVolunteers)
  for (const [id, { month, recipientOfEntry, closedThrough }] of Object.entries(state.centres)) {
    assert.equal(directory.centres.get(id)?.month, month)
    assert.equal(directory.centres.get(id)?.closedThrough, closedThrough)
    const recipient = directory.centres.get(id)?.recipient ?? 'none'
    assert.ok(entries[recipientOfEntry]?.body.includes(recipient))
  }
  for (const { comment, code, entries: list } of vector.invalid) {
    const forged = list.flatMap((item) => (typeof item === 'number' ? (entries[item] ?? []) : item))
    assert.equal(forged.length, list.length)
    assert.throws(() => verifyDirectory(forged, register, key), refusal(code), comment)
  }
})

test('keyring vectors', async () => {
  const vector = load<{
    passphrase: string
    accountId: string
    loginProof: string
    filePassphrase: string
    keyring: string
    file: string
    invalid: { comment: string; keyring: string }[]
  }>('keyring')
  const { loginProof, filePassphrase } = vector
  const stretched = await stretchPassphrase(vector.passphrase, vector.accountId)
  assert.deepEqual(stretched, { loginProof, filePassphrase })
  const keyring = await openKeyring(fromBase64(vector.file), filePassphrase)
  assert.equal(fromUtf8(encodeKeyring(keyring)), vector.keyring)
  for (const { comment, keyring: text } of vector.invalid) {
    assert.throws(() => parseKeyring(utf8(text)), refusal('bad_keyring'), comment)
  }
})
