import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { MIGRATIONS } from '../../src/main/open-databases.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { ensureRoles, ROLES, type Role } from '../../src/postgres/roles.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly ownerUrl: string
  readonly urls: Readonly<Record<Role, string>>
}

/** Passed from test/run.ts to every test file, so that the files share one server and each test has its own database. */
export const TEST_CLUSTER_VARIABLE = 'AVOW_TEST_CLUSTER'
const PASSWORD = 'only-for-tests'
const TEMPLATE = 'avow_template'

export interface TestCluster extends AsyncDisposable {
  /** An owner's address with `DATABASE` in place of the database's name. */
  readonly address: string
}

export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-test-'))
  const server = await startEmbedded(join(folder, 'postgres'), PASSWORD)
  const address = server.urlOf(CLUSTER_OWNER, PASSWORD, 'DATABASE')
  const cluster = openDatabase<unknown>(databaseUrl(address, 'postgres'), { max: 1 })
  await sql.raw(`CREATE DATABASE ${TEMPLATE}`).execute(cluster)
  await cluster.destroy()
  const template = openDatabase<unknown>(databaseUrl(address, TEMPLATE), { max: 2 })
  await ensureRoles(template, Object.fromEntries(ROLES.map((role) => [role, PASSWORD])) as never)
  await migrate(template, MIGRATIONS)
  await template.destroy()
  return {
    address,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A fresh database with the whole schema and every role, dropped at the end: `await using db = await startTestDatabase()`. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const shared = process.env[TEST_CLUSTER_VARIABLE]
  const own = shared === undefined ? await startTestCluster() : undefined
  const address = shared ?? own?.address ?? ''
  const name = `t_${randomBytes(8).toString('hex')}`
  await withCluster(address, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const roleUrl = (role: string) => {
    const url = databaseUrl(address, name)
    return url.replace(`//${CLUSTER_OWNER}:`, `//${role}:`)
  }
  return {
    ownerUrl: databaseUrl(address, name),
    urls: Object.fromEntries(ROLES.map((role) => [role, roleUrl(role)])) as Record<Role, string>,
    async [Symbol.asyncDispose]() {
      await withCluster(address, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await own?.[Symbol.asyncDispose]()
    },
  }
}

function databaseUrl(address: string, name: string): string {
  return address.replace('/DATABASE?', `/${name}?`)
}

async function withCluster(address: string, statement: string): Promise<void> {
  const cluster = openDatabase<unknown>(databaseUrl(address, 'postgres'), { max: 1 })
  try {
    // Template copies exclude each other: two test files at once take turns.
    await cluster.connection().execute(async (db) => {
      await sql`SELECT pg_advisory_lock(42)`.execute(db)
      await sql.raw(statement).execute(db)
      await sql`SELECT pg_advisory_unlock(42)`.execute(db)
    })
  } finally {
    await cluster.destroy()
  }
}
