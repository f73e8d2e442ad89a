import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { startTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from '../postgres/database.ts'
import { ED25519, formatVerifierKey, signingKey } from '../tlog/note-key.ts'
import { bootstrap } from './bootstrap.ts'
import { openInvitation } from './invitation.ts'
import { invitationLookup, parseInvitationLink } from './invitation-link.ts'
import { loadDirectory } from './load-directory.ts'

const REGISTER = 'localhost/test'
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const random = (length: number) => new Uint8Array(randomBytes(length))
const vkey = (log: string) =>
  formatVerifierKey(signingKey(`${REGISTER}/log/${log}`, ED25519, random(32)).key)
const logKeys = { declarations: vkey('declarations'), events: vkey('events') }

let database: TestDatabase
let db: Kysely<unknown>
before(async () => {
  database = await startTestDatabase()
  db = openDatabase(database.urls.avow_desk, { max: 2 })
})
after(async () => {
  await db.destroy()
  await database[Symbol.asyncDispose]()
})

function start(storeRootPublicKey: (key: Uint8Array) => Promise<void>) {
  return bootstrap({
    db,
    register: REGISTER,
    logKeys,
    publicUrl: 'http://127.0.0.1:8080',
    clock: () => new Date('2026-03-01T23:59:59Z'),
    random,
    sha256,
    storeRootPublicKey,
  })
}

test('a first start that cannot write the root key leaves nothing behind', async () => {
  await assert.rejects(
    start(() => Promise.reject(new Error('disk full'))),
    /disk full/,
  )
  const { rows } = await sql`SELECT 1 FROM avow.directory_change
    UNION ALL SELECT 1 FROM avow.invitation`.execute(db)
  assert.equal(rows.length, 0)
})

test('of two first starts at once one makes the directory and the other makes nothing', async () => {
  const stored: Uint8Array[] = []
  const store = async (key: Uint8Array) => {
    stored.push(key)
  }
  const results = await Promise.allSettled([start(store), start(store)])
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['directory_exists'],
  )
  const [first] = made
  assert.ok(first)
  assert.deepEqual(stored, [first.rootPublicKey])

  const directory = await loadDirectory(db, REGISTER, first.rootPublicKey)
  assert.deepEqual([...directory.logs], [...Object.entries(logKeys)])
  assert.equal(directory.centres.get('global')?.month, '2026-03')
  assert.equal(directory.volunteers.size, 0)

  assert.equal(new Set(first.links).size, 2)
  const link = parseInvitationLink(new URL(first.links[0] ?? '').hash)
  const { rows } = await sql<{ sealed: Buffer }>`SELECT sealed FROM avow.invitation
    WHERE lookup_hash = ${invitationLookup(link.seed, sha256)}`.execute(db)
  const invitation = await openInvitation(rows[0]?.sealed ?? Buffer.alloc(0), link, sha256)
  assert.deepEqual(invitation.roles, ['key-holder', 'reviewer'])
  assert.equal(invitation.centreIdentities.length, 1)

  await assert.rejects(start(store), { code: 'directory_exists' })
  assert.equal(stored.length, 1, 'the root key of the running directory stays')
})

test('nothing of the root or of the centre key is readable in the database', async () => {
  const { rows } = await sql<{ body: string }>`SELECT body FROM avow.directory_change`.execute(db)
  assert.ok(rows.every(({ body }) => !/SECRET/i.test(body)))
  const { rows: sealed } = await sql<{ text: string }>`
    SELECT encode(sealed, 'escape') AS text FROM avow.invitation`.execute(db)
  assert.equal(sealed.length, 2)
  assert.ok(sealed.every(({ text }) => !/Seed|AGE-SECRET/.test(text)))
})
