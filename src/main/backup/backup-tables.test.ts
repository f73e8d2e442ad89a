import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { openServed } from '../../../test/support/check-log.ts'
import { openRegisterHouse, ownStatement, REGISTER } from '../../../test/support/register-house.ts'
import { startTestDatabase } from '../../../test/support/test-database.ts'
import { openDatabase } from '../../postgres/database.ts'
import { migrate } from '../../postgres/migrate.ts'
import { witnessing } from '../../register/witnessing.ts'
import { generateIdentity, recipientOf } from '../../sealing/age.ts'
import { MIGRATIONS } from '../open-databases.ts'
import { loadBackup, unloadBackup } from './read-backup.ts'
import { groupOf, listTables, TABLE_GROUPS } from './table-groups.ts'
import { writeBackup } from './write-backup.ts'

const b16 = `decode(repeat('a1', 16), 'hex')`
const b32 = `decode(repeat('b2', 32), 'hex')`
const text88 = `repeat('s', 88)`
const day = `date '2026-01-02'`

/** One row of every table that is meant to come back, as the columns stand in the schema. */
const ROWS: Readonly<Record<string, string>> = {
  account: `'alder', 'global', ${b32}, '\\x00ff', 3`,
  act_recipient: `true, 'note'`,
  announced: `'app', 'hash'`,
  applicant: `'birch', 'global', 'reviewer', 'age1x', repeat('k', 44), ${b32}, '\\x01', ${day}`,
  approval_evidence: `7, 2, ${b32}, '\\x02'`,
  approved_item: `${b16}, 'desk', 'global', ${b32}, '\\x03', 5, 6, 'waiting'`,
  audit: `'global', 0, ${day}, 'alder', 'taken', ${b16}, ${b32}, ${b32}`,
  audit_head: `'global', 0, ${b32}`,
  case: `${b16}, 'global', 'web', 'web', 'en', ${day}, 2048, 'approved', NULL, NULL, '\\x04', NULL, NULL`,
  directory_change: `0, E'{"a":"\\\\u00e9\\n"}', 'signatures'`,
  draft: `${b16}, 'global', 'alder', '\\x05'`,
  envelope: `${b32}, 'global', 'web', 'web', 'en', ${day}, 2048, 'epoch', ${b16}, 0, '\\x06', ${b16}`,
  epoch: `${b16}, 'global', '\\x07', ${day}`,
  erasure: `9007199254740993, ${b16}, 'files'`,
  event_queue: `${b16}, 1, E'avow/event/v1\\n'`,
  handed_key: `${b16}, ${b16}, 'alder', 'global', '2026-01', '\\x08'`,
  import_manifest: `${b32}, 'signed'`,
  imported_statement: b32,
  invitation: `${b32}, '\\x09', NULL, ${day}`,
  kept_opening: `${b32}, 9007199254740993, '\\x0a', '\\x0b'`,
  kept_out: `'no_consent', 4, ${day}`,
  note: `${b16}, ${b16}, 'global', 'alder', ${day}, '\\x15'`,
  passkey: `${b16}, 'alder', '\\x0c', 9007199254740993, decode(repeat('0d', 72), 'hex'), '\\x0e'`,
  pending_act: `${b32}, ${b32}, '\\x0f', 'now', ${day}`,
  pending_change: `${b16}, 'line', 'proposed'`,
  proposal: `${b16}, 'global', 'publish', NULL, 'alder', ${b32}, ${text88}, '\\x10', true, NULL, 'birch', ${text88}`,
  public_centres: `'announced', '\\x11'`,
  raised_part: `8, 'body', '\\x12', 'logged'`,
  rebuilt_leaf: `${b32}, 8, '\\x13'`,
  receipt: `${b32}, ${b32}, 0, true`,
  receipt_fate: `${b32}, 'staged'`,
  recovery_file: `true, 7, '\\x0f'`,
  recusal: `${b16}, 'global', 'alder'`,
  refused_act: `${day}, 'act_refused', 2`,
  refused_item: `${b16}, 'desk', 'global', ${day}, 'bad_item'`,
  signed_audit: `${b16}, E'avow/event/v1\\n'`,
  visible_group: `'\\x14', 'en web', 3`,
}

test('every table stands in a group of the backup that somebody chose, and has a row to be tested with', async () => {
  await using database = await startTestDatabase()
  const tables = await withClient(database.ownerUrl, listTables)
  const names = tables.map(({ name }) => name).toSorted()
  assert.deepEqual(Object.keys(TABLE_GROUPS).toSorted(), names)
  const kept = names.filter((name) => groupOf(name) !== 'left-out')
  assert.deepEqual(Object.keys(ROWS).toSorted(), kept)
})

test('an owner who is no superuser backs up and puts back every row of every table, or takes all back', async () => {
  await using house = await openRegisterHouse()
  {
    await using publisher = await house.start()
    await house.approve([ownStatement('Made up.')])
    await publisher.runRound()
  }
  await using owned = await plainOwner(house.database.ownerUrl)
  const [from, to] = [await owned.newDatabase(), await owned.newDatabase()]
  const heads = await rowsOf(house.database.ownerUrl, 'log_state')
  await withClient(from.superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica')
    await client.query(
      'INSERT INTO avow.log_state SELECT * FROM json_populate_recordset(NULL::avow.log_state, $1)',
      [`[${heads.join(',')}]`],
    )
    for (const [table, values] of Object.entries(ROWS)) {
      await client.query(`INSERT INTO avow."${table}" VALUES (${values})`)
    }
  })

  const identity = await generateIdentity()
  const folder = join(house.folder, 'backup')
  const { logKeys, clock, sha256 } = house.deps()
  const none = { addresses: [], policyLines: 'quorum none\n', fetch }
  const manifest = await writeBackup({
    ownerUrl: from.ownerUrl,
    read: openServed(house.publicFolder).read,
    policy: witnessing(logKeys, none, { clock, sha256 }).policy,
    folder,
    recipients: [await recipientOf(identity)],
    register: REGISTER,
    clock,
  })
  await loadBackup(folder, manifest, to.ownerUrl, [identity])

  for (const { name } of await withClient(from.superuserUrl, listTables)) {
    if (name === 'migration') continue
    const saved = groupOf(name) === 'left-out' ? [] : await rowsOf(from.superuserUrl, name)
    assert.deepEqual(await rowsOf(to.superuserUrl, name), saved, name)
    assert.equal(saved.length, groupOf(name) === 'left-out' ? 0 : 1, name)
  }
  await unloadBackup(to.ownerUrl)
  for (const { name } of await withClient(from.superuserUrl, listTables)) {
    if (name !== 'migration') assert.deepEqual(await rowsOf(to.superuserUrl, name), [], name)
  }
})

/** Databases of a role that owns its schema and nothing else, as a hosted PostgreSQL gives one. */
async function plainOwner(superuserUrl: string) {
  const name = `o_${randomBytes(8).toString('hex')}`
  const made: string[] = []
  const asSuperuser = (database: string) => superuserUrl.replace(/\/t_\w+/, `/${database}`)
  const run = (statement: string) =>
    withClient(superuserUrl, async (client) => void (await client.query(statement)))
  await run(`CREATE ROLE ${name} LOGIN PASSWORD 'only-for-tests'`)
  return {
    async newDatabase() {
      const database = `${name}_${made.length}`
      await run(`CREATE DATABASE ${database} OWNER ${name}`)
      made.push(database)
      const ownerUrl = asSuperuser(database).replace(/\/\/\w+:[^@]+@/, `//${name}:only-for-tests@`)
      const owner = openDatabase<unknown>(ownerUrl, { max: 1 })
      await migrate(owner, MIGRATIONS).finally(() => owner.destroy())
      return { ownerUrl, superuserUrl: asSuperuser(database) }
    },
    async [Symbol.asyncDispose]() {
      for (const database of made) await run(`DROP DATABASE ${database} WITH (FORCE)`)
      await run(`DROP ROLE ${name}`)
    },
  }
}

async function rowsOf(url: string, table: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ row: string }>(
      `SELECT row_to_json(t)::text AS row FROM avow."${table}" t`,
    )
    return rows.map(({ row }) => row).toSorted()
  })
}

async function withClient<Of>(url: string, use: (client: pg.Client) => Promise<Of>): Promise<Of> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
