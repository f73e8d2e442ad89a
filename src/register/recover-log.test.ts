import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  random,
} from '../../test/support/register-house.ts'
import { loadLogKeys } from './log-keys.ts'

test('one changed byte in any file of either log is refused at start', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 300)
  const served = await listFiles(join(house.publicFolder, 'log'))
  const logFiles = served.filter((path) => /\/(declarations|events)\//.test(path))
  assert.ok(logFiles.length > 10)
  for (const path of logFiles) {
    // Earlier archived notes are not what a start continues from; `fsck` reads them all.
    if (path.includes('/checkpoints/') && !(await isNewest(path))) continue
    // A partial that a later one took the place of is read by nobody who continues the log.
    if (path.includes('.p/') && !(await isNewest(path))) continue
    const bytes = await readFile(path)
    const at = Math.floor(bytes.length / 2)
    await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ 1))
    const changed = await house.refusal()
    assert.ok(
      ['hash_mismatch', 'wrong_key', 'file_differs'].includes(changed),
      `${path}: ${changed}`,
    )
    await rm(path)
    const isArchive = path.includes('/checkpoints/')
    if (!isArchive) {
      const missing = await house.refusal()
      assert.ok(['missing_file', 'store_older'].includes(missing), `${path}: ${missing}`)
    }
    await writeFile(path, bytes)
  }
  await using _ = await house.start()
  await house.check()
})

test('a database older than the files is refused', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 2)
  await sql`CREATE TABLE old_state AS SELECT * FROM avow.log_state`.execute(house.owner)
  await publishPersons(house, 1)
  await sql`DELETE FROM avow.log_state`.execute(house.owner)
  await sql`INSERT INTO avow.log_state SELECT * FROM old_state`.execute(house.owner)
  assert.equal(await house.refusal(), 'store_newer')
})

test('files older than the database are refused', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 2)
  const copy = `${house.publicFolder}-copy`
  await cp(house.publicFolder, copy, { recursive: true })
  await publishPersons(house, 1)
  await rm(house.publicFolder, { recursive: true })
  assert.equal(await house.refusal(), 'store_older')
  await cp(copy, house.publicFolder, { recursive: true })
  assert.equal(await house.refusal(), 'store_older')
})

test('a database whose edge does not make its root is refused', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 2)
  await sql`UPDATE avow.log_state SET edge = set_byte(edge, 9, get_byte(edge, 9) # 1)`.execute(
    house.owner,
  )
  assert.equal(await house.refusal(), 'bad_state')
})

test('another key or another name is refused', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 1)
  const { config } = house.deps()
  const folder = join(house.publicFolder, '../../other-secrets')
  const logKeys = await loadLogKeys(folder, config.name, random)
  assert.equal(await house.refusal({ logKeys }), 'wrong_key')
  const renamed = { ...config, name: 'localhost/another' }
  assert.equal(await house.refusal({ config: renamed }), 'wrong_origin')
})

test('content that a power cut took from the files is written again from its rows', async () => {
  await using house = await openRegisterHouse()
  await publishPersons(house, 3)
  const path = join(house.publicFolder, 'content/000')
  const bytes = await readFile(path)
  await writeFile(path, '')
  {
    await using publisher = await house.start()
    assert.deepEqual(await readFile(path), bytes)
    await house.check()
    // A quiet round makes the files durable.
    await publisher.runRound()
  }
  const state = await house.owner
    .selectFrom('avow.log_state')
    .select('content_synced')
    .where('log', '=', 'declarations')
    .executeTakeFirstOrThrow()
  assert.equal(state.content_synced, 3)
})

async function publishPersons(house: RegisterHouse, count: number): Promise<void> {
  await using publisher = await house.start()
  await house.approve(Array.from({ length: count }, (_, i) => ownStatement(`text ${i}`)))
  await publisher.runRound()
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** Whether no neighbour has a larger number for its name. */
async function isNewest(path: string): Promise<boolean> {
  const folder = join(path, '..')
  const names = (await readdir(folder)).map(Number)
  assert.ok((await stat(path)).isFile())
  return Number(path.split('/').at(-1)) === Math.max(...names)
}
