import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Kysely, sql } from 'kysely'
import { startTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from '../postgres/database.ts'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import type { DirectoryChange } from '../sealing/directory-change.ts'
import { entryHash } from '../sealing/directory-entry.ts'
import { signFounding } from '../sealing/directory-signing.ts'
import { openEpochStart, openRows } from '../sealing/epoch.ts'
import { unpad } from '../sealing/padding.ts'
import { followCentreRecipients } from './centre-recipient.ts'
import type { Envelope } from './envelope.ts'
import { NOTHING_THERE } from './receipt-state.ts'
import { receiptView } from './receipt-view.ts'
import { EnvelopeCommits, receiveEnvelope } from './receive-envelope.ts'
import type { IntakeTables } from './tables.ts'

const REGISTER = 'localhost/test'
const rootSecret = randomBytes(32)
const root = ed25519.getPublicKey(rootSecret)
let database: TestDatabase
let owner: Kysely<unknown>
let db: Kysely<IntakeTables>
let identity = ''
let now = new Date('2026-03-01T10:00:00Z')
const clock = () => now

before(async () => {
  database = await startTestDatabase()
  owner = openDatabase(database.ownerUrl, { max: 2 })
  db = openDatabase(database.urls.avow_intake, { max: 2 })
  identity = await generateIdentity()
  const recipient = await recipientOf(identity)
  await appendChange({ change: 'root', root })
  await appendChange({ change: 'centre', id: 'global', month: '2026-03', recipient })
})
after(async () => {
  await db.destroy()
  await owner.destroy()
  await database[Symbol.asyncDispose]()
})

let position = { register: REGISTER, size: 0, head: '-' }

async function appendChange(change: DirectoryChange): Promise<void> {
  const entry = signFounding('root', position, '2026-03-01', change, rootSecret)
  await sql`INSERT INTO avow.directory_change (seq, body, signatures)
    VALUES (${position.size}, ${entry.body}, ${entry.signatures})`.execute(owner)
  position = { ...position, size: position.size + 1, head: entryHash(entry) }
}

function boundMember<Target extends object>(
  target: Target,
  key: string | symbol,
  executeQuery: unknown,
): unknown {
  if (key === 'executeQuery') return executeQuery
  const member: unknown = Reflect.get(target, key, target)
  return typeof member === 'function' ? member.bind(target) : member
}

function openCommits(rootPublicKey: Uint8Array | null = root, through = db): EnvelopeCommits {
  const findRecipient = followCentreRecipients({
    db,
    register: REGISTER,
    findRootPublicKey: async () => rootPublicKey,
    clock,
  })
  return new EnvelopeCommits({ db: through, clock, random: randomBytes, findRecipient })
}

function envelope(text: string, changes: Partial<Envelope> = {}): Envelope {
  return {
    plaintext: Buffer.from(text),
    id: randomBytes(32),
    centre: 'global',
    line: 'web',
    channel: 'web',
    language: 'en',
    receipts: [],
    ...changes,
  }
}

interface StoredRow {
  id: Buffer
  epoch: Buffer
  row_index: number
  size_class: number
  sealed: Buffer
}

async function stored(ids: readonly Uint8Array[]): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`SELECT id, epoch, row_index, size_class, sealed
    FROM avow.envelope WHERE id IN (${sql.join(ids)})`.execute(owner)
  return rows
}

async function open(row: StoredRow): Promise<string> {
  const { rows } = await sql<{ sealed_start: Buffer }>`
    SELECT sealed_start FROM avow.epoch WHERE id = ${row.epoch}`.execute(owner)
  const start = await openEpochStart(rows[0]?.sealed_start ?? Buffer.alloc(0), [identity])
  const [opened] = openRows(start, 'global', row.epoch, [
    { index: row.row_index, ciphertext: row.sealed },
  ])
  return Buffer.from(unpad(opened?.plaintext ?? Buffer.alloc(0))).toString()
}

test('what was received is on disk, sealed, and opens with the centre key alone', async () => {
  await using commits = openCommits()
  const sent = envelope('a secret sentence')
  await receiveEnvelope(sent, commits)
  const [row] = await stored([sent.id])
  assert.ok(row)
  assert.equal(row.size_class, 2048)
  assert.ok(!row.sealed.includes('secret'))
  assert.equal(await open(row), 'a secret sentence')
})

test('the second try under one id changes nothing and is answered like the first', async () => {
  await using commits = openCommits()
  const sent = envelope('first')
  assert.equal(await receiveEnvelope(sent, commits), undefined)
  assert.equal(await receiveEnvelope({ ...sent, plaintext: Buffer.from('x') }, commits), undefined)
  const rows = await stored([sent.id])
  assert.equal(rows.length, 1)
  assert.ok(rows[0])
  assert.equal(await open(rows[0]), 'first')
})

test('a crowd shares epochs, every row opens, and the indices do not follow the order of arrival', async () => {
  await using commits = openCommits()
  const sent = Array.from({ length: 150 }, (_, i) => envelope(`number ${i}`))
  await Promise.all(sent.map((one) => receiveEnvelope(one, commits)))
  const rows = await stored(sent.map(({ id }) => id))
  assert.equal(rows.length, 150)
  assert.equal(new Set(rows.map(({ epoch }) => epoch.toString('hex'))).size, 1)
  const byId = new Map(rows.map((row) => [row.id.toString('hex'), row]))
  const indices = sent.map(({ id }) => byId.get(Buffer.from(id).toString('hex'))?.row_index ?? -1)
  assert.deepEqual(new Set(indices), new Set(sent.keys()))
  assert.notDeepEqual(indices, [...sent.keys()])
  for (const i of [0, 74, 149]) {
    const row = byId.get(Buffer.from(sent[i]?.id ?? '').toString('hex'))
    assert.ok(row)
    assert.equal(await open(row), `number ${i}`)
  }
})

test('an epoch ends after a minute', async () => {
  await using commits = openCommits()
  const [early, later, late] = [envelope('a'), envelope('b'), envelope('c')]
  await receiveEnvelope(early, commits)
  now = new Date(now.getTime() + 59_000)
  await receiveEnvelope(later, commits)
  now = new Date(now.getTime() + 1_000)
  await receiveEnvelope(late, commits)
  const epochs = new Map(
    (await stored([early.id, later.id, late.id])).map((row) => [
      row.id.toString('hex'),
      row.epoch.toString('hex'),
    ]),
  )
  const epochOf = ({ id }: Envelope) => epochs.get(Buffer.from(id).toString('hex'))
  assert.equal(epochOf(early), epochOf(later))
  assert.notEqual(epochOf(early), epochOf(late))
})

test('a failed commit acknowledges nothing and the next one works under a new epoch', async () => {
  await using commits = openCommits()
  const [lost, kept] = [envelope('lost'), envelope('kept')]
  await sql`REVOKE INSERT ON avow.epoch FROM avow_intake`.execute(owner)
  await assert.rejects(receiveEnvelope(lost, commits), { code: 'not_stored' })
  await sql`GRANT INSERT ON avow.epoch TO avow_intake`.execute(owner)
  await receiveEnvelope(kept, commits)
  await receiveEnvelope(lost, commits)
  assert.equal((await stored([lost.id, kept.id])).length, 2)
})

test('a commit whose answer is lost was durable; the second try is harmless and later ones work', async () => {
  let losing = true
  const lossy = new Proxy(db, {
    get(target, name) {
      if (name !== 'getExecutor') return Reflect.get(target, name, target)
      const executor = target.getExecutor()
      const executeQuery: typeof executor.executeQuery = async (query) => {
        const result = await executor.executeQuery<never>(query)
        if (losing && query.sql.includes('INSERT')) throw new Error('connection lost')
        return result
      }
      return () => new Proxy(executor, { get: (of, key) => boundMember(of, key, executeQuery) })
    },
  })
  await using commits = openCommits(root, lossy)
  const sent = envelope('once')
  await assert.rejects(receiveEnvelope(sent, commits), { code: 'not_stored' })
  losing = false
  await receiveEnvelope(sent, commits)
  const other = envelope('after')
  await receiveEnvelope(other, commits)
  const rows = await stored([sent.id, other.id])
  assert.deepEqual((await Promise.all(rows.map(open))).sort(), ['after', 'once'])
})

test('the receipts of hundreds of persons and an envelope are stored together', async () => {
  await using commits = openCommits()
  const receipts = Array.from({ length: 500 }, (_, person) => ({
    lookupHash: randomBytes(32),
    person,
  }))
  const sent = envelope('group', { receipts })
  await receiveEnvelope(sent, commits)
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM avow.receipt WHERE envelope = ${sent.id}`.execute(owner)
  assert.equal(rows[0]?.n, 500)
  const last = receipts[499]?.lookupHash ?? Buffer.alloc(0)
  assert.deepEqual(await receiptView(db, last), { ...NOTHING_THERE, state: 'waiting' })
  assert.deepEqual(await receiptView(db, randomBytes(32)), NOTHING_THERE)
})

test('the intake role reads no envelope, epoch or receipt', async () => {
  for (const table of ['envelope', 'epoch', 'receipt']) {
    await assert.rejects(sql.raw(`SELECT * FROM avow.${table}`).execute(db), { code: '42501' })
  }
})

test('a new key of the centre is used within a minute', async () => {
  await using commits = openCommits()
  await receiveEnvelope(envelope('under the old key'), commits)
  const old = identity
  identity = await generateIdentity()
  await appendChange({
    change: 'centre',
    id: 'global',
    month: '2026-03',
    recipient: await recipientOf(identity),
  })
  now = new Date(now.getTime() + 60_000)
  const sent = envelope('under the new key')
  await receiveEnvelope(sent, commits)
  const [row] = await stored([sent.id])
  assert.ok(row)
  assert.equal(await open(row), 'under the new key')
  identity = old
  await assert.rejects(open(row))
})

test('next month’s key waits for its month, and where nobody rotated the newest serves and is told of', async () => {
  const recipient = await recipientOf(await generateIdentity())
  await appendChange({ change: 'centre', id: 'global', month: '2026-04', recipient })
  const told: unknown[] = []
  let at = new Date('2026-03-31T23:59:59Z')
  const find = followCentreRecipients({
    db,
    register: REGISTER,
    findRootPublicKey: async () => root,
    clock: () => at,
    onNotice: (notice) => told.push(notice),
  })
  assert.notEqual(await find('global'), recipient)
  at = new Date('2026-04-01T00:00:00Z')
  assert.equal(await find('global'), recipient)
  assert.deepEqual(told, [])
  at = new Date('2026-05-02T00:00:00Z')
  assert.equal(await find('global'), recipient)
  assert.equal(await find('global'), recipient)
  assert.deepEqual(told, [{ notice: 'key_late', centre: 'global', month: '2026-05' }])
})

test('a directory row that does not verify stops no intake and is told of once', async () => {
  await sql`INSERT INTO avow.directory_change (seq, body, signatures)
    VALUES (${position.size}, 'rubbish', '')`.execute(owner)
  const told: unknown[] = []
  let at = now
  const find = followCentreRecipients({
    db,
    register: REGISTER,
    findRootPublicKey: async () => root,
    clock: () => at,
    onNotice: (notice) => told.push(notice),
  })
  assert.match(await find('global'), /^age1pq1/)
  at = new Date(now.getTime() + 120_000)
  assert.match(await find('global'), /^age1pq1/)
  assert.deepEqual(told, [{ notice: 'directory_row', code: 'bad_entry' }])
  await sql`DELETE FROM avow.directory_change WHERE seq = ${position.size}`.execute(owner)
})

test('without a root key, under another root, or for an unknown centre nothing is taken', async () => {
  const other = ed25519.getPublicKey(randomBytes(32))
  for (const [rootKey, centre] of [
    [null, 'global'],
    [other, 'global'],
    [root, 'elsewhere'],
  ] as const) {
    await using commits = openCommits(rootKey)
    const sent = envelope('x', { centre })
    await assert.rejects(receiveEnvelope(sent, commits), { code: 'no_centre_key' })
    assert.equal((await stored([sent.id])).length, 0)
  }
})

test('an odd envelope is refused alone', async () => {
  await using commits = openCommits()
  const good = envelope('good')
  const odd: Envelope[] = [
    envelope('', {}),
    envelope('x', { id: randomBytes(31) }),
    envelope('x', { line: 'a\0b' }),
    envelope('x', { receipts: [{ lookupHash: randomBytes(31), person: 0 }] }),
    envelope('x', { receipts: [{ lookupHash: randomBytes(32), person: 500 }] }),
  ]
  const results = await Promise.allSettled(
    [good, ...odd].map((one) => receiveEnvelope(one, commits)),
  )
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', ...odd.map(() => 'rejected')],
  )
})

test('after closing nothing is taken', async () => {
  const commits = openCommits()
  const last = receiveEnvelope(envelope('last'), commits)
  await commits[Symbol.asyncDispose]()
  await last
  await assert.rejects(receiveEnvelope(envelope('x'), commits), { code: 'closed' })
})
