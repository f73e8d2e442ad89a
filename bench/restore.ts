import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { loadBackup, requireWhole } from '../src/main/backup/read-backup.ts'
import { writeBackup } from '../src/main/backup/write-backup.ts'
import { nativeEd25519Verify } from '../src/main/native-ed25519.ts'
import { openFolder } from '../src/main/verify-folder.ts'
import { clock, random, sha256 } from '../src/main/world.ts'
import { openDatabase } from '../src/postgres/database.ts'
import { loadLogKeys } from '../src/register/log-keys.ts'
import { rebuildRegister } from '../src/register/rebuild-register.ts'
import type { RegisterDatabase, RegisterTables } from '../src/register/tables.ts'
import { NO_WITNESSES, witnessing } from '../src/register/witnessing.ts'
import { generateIdentity, recipientOf } from '../src/sealing/age.ts'
import { startTestDatabase } from '../test/support/test-database.ts'
import { BENCH_REGISTER, openBenchRegister } from './support/bench-register.ts'

export type RestoreBenchOptions = {
  readonly size?: number
  readonly report?: (line: string) => void
}

const BATCH = 5000

/**
 * A backup of a register whose every declaration has a receipt, put back into an empty database and an empty folder and
 * verified whole. Baseline: COPY of the same rows into the same tables, and a copy of the same files.
 */
export async function run({
  size = 100_000,
  report = () => {},
}: RestoreBenchOptions = {}): Promise<string> {
  await using register = await openBenchRegister()
  for (let made = 0; made < size; made += BATCH)
    await register.publish(Math.min(BATCH, size - made))
  await using owner = openDatabase<RegisterTables>(register.ownerUrl, { max: 2 })
  await addReceipts(owner)
  report(`${size} declarations, each with a receipt`)

  const logKeys = await loadLogKeys(join(register.folder, 'secrets'), BENCH_REGISTER, random)
  const { policy, compare } = witnessing(logKeys, NO_WITNESSES, { clock, sha256 })
  const identity = await generateIdentity()
  const backup = join(register.folder, 'backup')
  const backupStart = performance.now()
  const manifest = await writeBackup({
    ownerUrl: register.ownerUrl,
    read: (await openFolder(join(register.folder, 'public'))).read,
    policy,
    folder: backup,
    recipients: [await recipientOf(identity)],
    register: BENCH_REGISTER,
    clock,
  })
  report(`backed up and verified in ${secondsSince(backupStart).toFixed(1)} s`)

  const copySeconds = await copyPlainly(owner, backup)
  await using empty = await startTestDatabase()
  await using db = openDatabase<RegisterTables>(empty.ownerUrl, { max: 2 })
  const folder = join(register.folder, 'restored')
  const start = performance.now()
  await requireWhole(backup, manifest)
  await loadBackup(backup, manifest, empty.ownerUrl, [identity])
  const loaded = secondsSince(start)
  const { pair } = await rebuildRegister({
    db,
    databaseUrl: empty.urls.avow_publisher,
    name: BENCH_REGISTER,
    folders: { publicFolder: join(folder, 'public'), stagingFolder: join(folder, 'staging') },
    logKeys,
    policy,
    compareWithWitnesses: compare,
    read: (await openFolder(join(backup, 'public'))).read,
    restoredFrom: manifest.pair,
    sha256,
    ed25519Verify: nativeEd25519Verify,
  })
  const seconds = secondsSince(start)
  if (pair.declarations.size !== size) throw new Error(`${pair.declarations.size} came back`)
  report(
    `restored and verified in ${seconds.toFixed(1)} s, rows loaded after ${loaded.toFixed(1)} s; ` +
      `plain copies of the same rows and files: ${copySeconds.toFixed(1)} s`,
  )
  return JSON.stringify({
    bench: 'restore',
    unit: 'declarations/s',
    value: Math.round(size / seconds),
    baseline: Math.round(size / copySeconds),
    ratio: Number((copySeconds / seconds).toFixed(3)),
    seconds: Number(seconds.toFixed(1)),
    size,
  })
}

/** Openings kept for a receipt are as long as a file sealed to it with a padded kibibyte. */
async function addReceipts(owner: RegisterDatabase): Promise<void> {
  await sql`
    INSERT INTO avow.kept_opening (lookup_hash, idx, leaf, sealed)
    SELECT sha256(i::text::bytea), i, decode(repeat(md5(i::text), 16), 'hex'), decode(repeat(md5(i::text), 64), 'hex')
    FROM generate_series(0, (SELECT size - 1 FROM avow.log_state WHERE log = 'declarations')) AS i`.execute(
    owner,
  )
}

/** The rows that a restore brings back or makes again, all tables of it, and the public files. */
async function copyPlainly(owner: RegisterDatabase, backup: string): Promise<number> {
  // The server runs as another user and writes the rows here.
  const folder = await mkdtemp(join(tmpdir(), 'avow-copy-'))
  await chmod(folder, 0o777)
  await using bare = await startTestDatabase()
  await using into = openDatabase<RegisterTables>(bare.ownerUrl, { max: 1 })
  try {
    const { rows } = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'avow'::regnamespace AND relkind = 'r' AND relname <> 'migration'`.execute(
      owner,
    )
    const path = (name: string) => sql.lit(join(folder, name))
    for (const { name } of rows) {
      await sql`COPY ${sql.table(`avow.${name}`)} TO ${path(name)}`.execute(owner)
    }
    const start = performance.now()
    await into.connection().execute(async (one) => {
      await sql`SET session_replication_role = replica`.execute(one)
      for (const { name } of rows) {
        await sql`COPY ${sql.table(`avow.${name}`)} FROM ${path(name)}`.execute(one)
      }
    })
    await cp(join(backup, 'public'), join(folder, 'files'), { recursive: true })
    return secondsSince(start)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
