import assert from 'node:assert/strict'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openServed } from '../../test/support/check-log.ts'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
} from '../../test/support/register-house.ts'
import { startRememberingWitness } from '../../test/support/remembering-witness.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { VerifyError } from '../verify/error.ts'
import { type Rebuilt, rebuildRegister } from './rebuild-register.ts'
import { NO_WITNESSES, type WitnessConfig, witnessing } from './witnessing.ts'

test('a lost database is rebuilt from the public folder, and the register goes on', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 300)
  await loseDatabase(house)
  const { pair, replaced } = await rebuild(house, house.publicFolder)
  assert.deepEqual([pair.declarations.size, replaced], [300, 'database'])
  await publish(house, 5)
  const { opened } = await house.check()
  assert.deepEqual(opened, { body: 305, name: 305, about: 305 })
})

test('a lost public folder is rebuilt from a copy, and content comes from the rows', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 3)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await rm(house.publicFolder, { recursive: true })
  const { replaced } = await rebuild(house, copy)
  assert.equal(replaced, 'files')
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 4)
})

test('an older database takes over what was published since, and publishes nothing twice', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 2)
  const lookup = 'ab'.repeat(32)
  await house.approve([{ text: null, persons: [{ name: 'shown', lookup }, {}] }])
  await using saved = await saveRows(house)
  {
    await using publisher = await house.start()
    assert.equal((await publisher.runRound()).declarations.size, 4)
  }
  await saved.putBack()
  assert.equal(await house.refusal(), 'store_newer')
  await rebuild(house, house.publicFolder)
  {
    await using publisher = await house.start()
    assert.equal((await publisher.runRound()).declarations.size, 4)
  }
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 5)
  const kept = await house.owner.selectFrom('avow.kept_opening').selectAll().execute()
  assert.deepEqual(
    kept.map(({ sealed }) => Buffer.from(sealed ?? []).toString()),
    [`kept openings of ${lookup}`],
  )
})

test('a copy older than the database is refused, and changes nothing', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 1)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await publish(house, 1)
  await assert.rejects(rebuild(house, copy), { code: 'store_older' })
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 3)
})

test('a copy older than the witnesses is refused even by an empty database', async () => {
  await using house = await openRegisterHouse()
  house.clockAt = new Date()
  await using witness = await startRememberingWitness(house)
  const witnesses = {
    addresses: [witness],
    policyLines: witness.policyLines,
    fetch: globalThis.fetch,
  }
  await publish(house, 1, witnesses)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await publish(house, 1, witnesses)
  await loseDatabase(house)
  await assert.rejects(rebuild(house, copy, witnesses), { code: 'witness_ahead' })
  await rebuild(house, house.publicFolder, witnesses)
  await publish(house, 1, witnesses)
  assert.equal((await house.check(witness.policyLines)).pair.declarations.size, 3)
})

test('a copy with one changed byte is refused, and the register keeps its own files', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 3)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  const path = join(copy, 'content/000')
  const bytes = await readFile(path)
  await writeFile(path, bytes.toString().replace('text 1', 'text 7').replace('by text', 'by texx'))
  await loseDatabase(house)
  await assert.rejects(rebuild(house, copy), VerifyError)
  await house.check()
})

async function publish(
  house: RegisterHouse,
  count: number,
  witnesses?: WitnessConfig,
): Promise<void> {
  await using publisher = await house.start(witnesses === undefined ? {} : { witnesses })
  await house.approve(Array.from({ length: count }, (_, i) => ownStatement(`text ${i}`)))
  await publisher.runRound()
}

function rebuild(
  house: RegisterHouse,
  from: string,
  witnesses: WitnessConfig = NO_WITNESSES,
): Promise<Rebuilt> {
  const { config, databaseUrl, logKeys, clock, sha256 } = house.deps()
  const { policy, compare } = witnessing(logKeys, witnesses, { clock, sha256 })
  return rebuildRegister({
    db: house.owner,
    databaseUrl,
    name: config.name,
    folders: config,
    logKeys,
    policy,
    compareWithWitnesses: compare,
    read: openServed(from).read,
    sha256,
    ed25519Verify: nobleEd25519.verify,
  })
}

const TABLES = [
  ...['log_state', 'staged_batch', 'event_queue', 'announced', 'tally_part', 'content_bundle'],
  ...['content_text', 'visible_group', 'approved_item', 'kept_opening', 'leaf_state'],
]

async function loseDatabase(house: RegisterHouse): Promise<void> {
  const tables = [...TABLES, 'directory_change', 'flagged_range'].map((table) => `avow.${table}`)
  await sql`TRUNCATE ${sql.raw(tables.join(', '))} CASCADE`.execute(house.owner)
}

/** The rows as a backup of today has them. */
async function saveRows(
  house: RegisterHouse,
): Promise<AsyncDisposable & { putBack(): Promise<void> }> {
  const run = (statement: string) => sql.raw(statement).execute(house.owner)
  for (const table of TABLES) await run(`CREATE TABLE saved_${table} AS TABLE avow.${table}`)
  return {
    async putBack() {
      await run(`TRUNCATE ${TABLES.map((table) => `avow.${table}`).join(', ')} CASCADE`)
      for (const table of TABLES) await run(`INSERT INTO avow.${table} TABLE saved_${table}`)
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
