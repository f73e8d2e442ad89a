import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { RecordStore } from './record-store.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-record-store-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
let stores = 0

function newFolder(): string {
  stores++
  return join(scratch, `log-${stores}`)
}

function open(folder: string): Promise<RecordStore> {
  return RecordStore.open(folder, utf8('first'), (length) => new Uint8Array(randomBytes(length)))
}

async function contents(store: RecordStore): Promise<[number, string]> {
  const { number, bytes } = await store.read()
  return [number, fromUtf8(bytes)]
}

test('a new store holds its first record, and every append replaces the newest', async () => {
  const folder = newFolder()
  const store = await open(folder)
  assert.deepEqual(await contents(store), [1, 'first'])
  assert.equal(await store.append(1, utf8('second')), 'appended')
  assert.equal(await store.append(2, utf8('third')), 'appended')
  assert.deepEqual(await contents(store), [3, 'third'])
  assert.deepEqual(readdirSync(folder), ['3'])
  assert.equal(statSync(join(folder, '3')).mode & 0o777, 0o600)
  assert.deepEqual(await contents(await open(folder)), [3, 'third'])
})

test('of two writers that read the same record one is overtaken', async () => {
  const folder = newFolder()
  const [one, two] = [await open(folder), await open(folder)]
  const outcomes = await Promise.all([one.append(1, utf8('one')), two.append(1, utf8('two'))])
  assert.deepEqual(outcomes.toSorted(), ['appended', 'overtaken'])
  const winner = outcomes[0] === 'appended' ? 'one' : 'two'
  assert.deepEqual(await contents(one), [2, winner])
  assert.deepEqual(await contents(two), [2, winner])
})

test('a writer that slept while its number was used and removed is overtaken', async () => {
  const folder = newFolder()
  const [sleeper, other] = [await open(folder), await open(folder)]
  for (const number of [1, 2, 3]) await other.append(number, utf8(`other ${number + 1}`))
  assert.equal(await sleeper.append(1, utf8('late')), 'overtaken')
  assert.deepEqual(await contents(sleeper), [4, 'other 4'])
  assert.equal(await other.append(4, utf8('other 5')), 'appended')
  assert.deepEqual(readdirSync(folder), ['5'])
})

test('a folder without a record is refused, also while the store is open', async () => {
  const folder = newFolder()
  mkdirSync(folder)
  await assert.rejects(open(folder), { code: 'missing_record' })
  const other = newFolder()
  const store = await open(other)
  rmSync(join(other, '1'))
  await assert.rejects(store.read(), { code: 'missing_record' })
})

test('a record that cannot be written changes nothing and can be written later', async () => {
  const folder = newFolder()
  const store = await open(folder)
  rmSync(folder, { recursive: true })
  await assert.rejects(store.append(1, utf8('second')), { code: 'not_stored' })
  mkdirSync(folder)
  assert.equal(await store.append(1, utf8('second')), 'appended')
  assert.equal(readFileSync(join(folder, '2'), 'utf8'), 'second')
})
