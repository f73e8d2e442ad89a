import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { startTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from '../postgres/database.ts'
import { ED25519, formatVerifierKey, signingKey } from '../tlog/note-key.ts'
import { bootstrap } from './bootstrap.ts'
import { openDirectoryPins, PIN_FILE } from './directory-pin.ts'
import { followDirectory } from './load-directory.ts'

const REGISTER = 'localhost/test'
const random = (length: number) => new Uint8Array(randomBytes(length))
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const vkey = (log: string) =>
  formatVerifierKey(signingKey(`${REGISTER}/log/${log}`, ED25519, random(32)).key)

let database: TestDatabase
let owner: Kysely<unknown>
let root: Uint8Array
before(async () => {
  database = await startTestDatabase()
  owner = openDatabase(database.ownerUrl, { max: 2 })
  const { rootPublicKey } = await bootstrap({
    db: owner,
    register: REGISTER,
    logKeys: { declarations: vkey('declarations'), events: vkey('events') },
    publicUrl: 'http://127.0.0.1:8080',
    clock: () => new Date('2026-03-01T00:00:00Z'),
    random,
    sha256,
    storeRootPublicKey: async () => {},
  })
  root = rootPublicKey
})
after(async () => {
  await owner.destroy()
  await database[Symbol.asyncDispose]()
})

function memoryFile(start?: string) {
  const file = { text: start, writes: 0 }
  return {
    file,
    pins: openDirectoryPins({
      find: async (name) => (name === PIN_FILE ? file.text : undefined),
      store: async (_name, value) => {
        file.text = value
        file.writes++
      },
    }),
  }
}

const follow = (pins: ReturnType<typeof memoryFile>['pins']) =>
  followDirectory(owner, REGISTER, root, { pins })

/** What the database's owner did, taken back afterwards. */
async function tampered(change: string, work: () => Promise<void>): Promise<void> {
  await sql`CREATE TABLE kept AS SELECT * FROM avow.directory_change`.execute(owner)
  await sql.raw(change).execute(owner)
  try {
    await work()
  } finally {
    await sql`DELETE FROM avow.directory_change`.execute(owner)
    await sql`INSERT INTO avow.directory_change SELECT * FROM kept`.execute(owner)
    await sql`DROP TABLE kept`.execute(owner)
  }
}

test('a pin only ever rises, whoever asks in which order', async () => {
  const { file, pins } = memoryFile()
  const head = 'ab'.repeat(32)
  await Promise.all([5, 3, 9, 7].map((size) => pins.raise({ size, head })))
  assert.equal(file.text, `9 ${head}`)
  assert.equal(file.writes, 2)
  await assert.rejects(memoryFile('nine').pins.find(), { code: 'bad_pin' })
})

test('over a restart a directory that was cut, emptied or put in another order is refused', async () => {
  const { file, pins } = memoryFile()
  const { size } = await follow(pins).current()
  assert.equal(size, 5)
  assert.match(file.text ?? '', /^5 /)
  const changes = [
    'DELETE FROM avow.directory_change WHERE seq = 4',
    'DELETE FROM avow.directory_change',
    'UPDATE avow.directory_change SET seq = CASE seq WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE seq END + 10',
    "UPDATE avow.directory_change SET body = 'rubbish' WHERE seq = 2",
  ]
  for (const change of changes) {
    await tampered(change, async () => {
      await assert.rejects(follow(pins).current(), { code: 'rolled_back' }, change)
    })
  }
  assert.equal((await follow(pins).current()).size, 5, 'and taken again when it is back')
})

test('who runs on does not notice and does not need to: what was verified stays', async () => {
  const { pins } = memoryFile()
  const reader = follow(pins)
  const before = await reader.current()
  await tampered('DELETE FROM avow.directory_change WHERE seq > 2', async () => {
    assert.equal(await reader.current(), before)
  })
})
