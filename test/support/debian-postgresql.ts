import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDatabase } from '../../src/postgres/database.ts'

const BIN = '/usr/lib/postgresql/15/bin'
const NOBODY = 65534
const PASSWORD = 'only-for-tests'

export function missingPostgresql(): string | false {
  if (existsSync(join(BIN, 'postgres'))) return false
  if (process.env['AVOW_REQUIRE_PEERS'] === '1') throw new Error(`${BIN} is missing`)
  return `${BIN} is missing (Debian package postgresql-15)`
}

export interface ExternalDatabase extends AsyncDisposable {
  /** The owner of one database: may make roles, is no superuser. */
  readonly ownerUrl: string
}

/** Debian's PostgreSQL 15 from its own folder on a loopback port, with an owner as a managed service would give. */
export async function startDebianPostgresql(): Promise<ExternalDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-pg15-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  const asNobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const cluster = join(folder, 'cluster')
  execFileSync(
    'sh',
    ['-c', `cat | ${BIN}/initdb -D ${cluster} -U admin -A scram-sha-256 --pwfile=/dev/stdin`],
    {
      input: `${PASSWORD}\n`,
      stdio: ['pipe', 'ignore', 'inherit'],
      ...asNobody,
    },
  )
  const port = await freePort()
  const server = spawn(
    join(BIN, 'postgres'),
    ['-D', cluster, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    { stdio: 'ignore', ...asNobody },
  )
  const admin = `postgresql://admin:${PASSWORD}@127.0.0.1:${port}/postgres`
  await untilReady(admin)
  await using db = openDatabase<unknown>(admin, { max: 1 })
  await sql.raw(`CREATE ROLE avow_admin LOGIN CREATEROLE PASSWORD '${PASSWORD}'`).execute(db)
  await sql
    .raw('CREATE DATABASE avow OWNER avow_admin TEMPLATE template0 ENCODING UTF8')
    .execute(db)
  return {
    ownerUrl: `postgresql://avow_admin:${PASSWORD}@127.0.0.1:${port}/avow`,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await using db = openDatabase<unknown>(url, { max: 1 })
    try {
      await sql`SELECT 1`.execute(db)
      return
    } catch (error) {
      if (attempt > 200) throw error
      await sleep(50)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
