import { type Kysely, sql } from 'kysely'
import { migrations as centres } from '../centres/schema.ts'
import type { Config } from '../config/config.ts'
import { newPassword, type Secrets } from '../config/secrets.ts'
import { migrations as desk } from '../desk/schema.ts'
import { migrations as intake } from '../intake/schema.ts'
import { openDatabase } from '../postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../postgres/embedded.ts'
import { migrate } from '../postgres/migrate.ts'
import { ensureRoles, ROLES, type Role } from '../postgres/roles.ts'
import { migrations as register } from '../register/schema.ts'
import { migrations as site } from '../site/schema.ts'

export const MIGRATIONS = [...centres, ...intake, ...desk, ...register, ...site]
const DATABASE = 'avow'

export interface Databases extends AsyncDisposable {
  readonly urls: Readonly<Record<Role, string>>
  readonly ownerUrl: string
  /** Where the data lives, in words, for the start message. */
  readonly described: string
}

/** Starts or joins the database, brings its schema up to date, and returns one address per role. */
export async function openDatabases(config: Config, secrets: Secrets): Promise<Databases> {
  const passwords = await rolePasswords(secrets)
  if (config.database.kind === 'external') {
    const { ownerUrl, roleUrls } = config.database
    await prepare(ownerUrl, Object.values(roleUrls).every(Boolean) ? undefined : passwords)
    const urls = urlPerRole((role) => roleUrls[role] ?? withLogin(ownerUrl, role, passwords[role]))
    return { urls, ownerUrl, described: 'DATABASE_URL', [Symbol.asyncDispose]: async () => {} }
  }
  const ownerPassword = await secrets.obtain('database-owner', newPassword)
  const server = await startEmbedded(config.database.folder, ownerPassword)
  try {
    const cluster = openDatabase<unknown>(server.urlOf(CLUSTER_OWNER, ownerPassword, 'postgres'), {
      max: 1,
    })
    await createDatabase(cluster).finally(() => cluster.destroy())
    const ownerUrl = server.urlOf(CLUSTER_OWNER, ownerPassword, DATABASE)
    await prepare(ownerUrl, passwords)
    return {
      urls: urlPerRole((role) => server.urlOf(role, passwords[role], DATABASE)),
      ownerUrl,
      described: `embedded PostgreSQL, ${server.how}, ${server.launcher}`,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

async function prepare(ownerUrl: string, passwords: Record<Role, string> | undefined) {
  const owner = openDatabase<unknown>(ownerUrl, { max: 2 })
  try {
    if (passwords !== undefined) await ensureRoles(owner, passwords)
    await migrate(owner, MIGRATIONS)
  } finally {
    await owner.destroy()
  }
}

async function createDatabase(cluster: Kysely<unknown>): Promise<void> {
  const known = await sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`.execute(cluster)
  if (known.rows.length === 0) await sql.raw(`CREATE DATABASE ${DATABASE}`).execute(cluster)
}

async function rolePasswords(secrets: Secrets): Promise<Record<Role, string>> {
  const pairs = await Promise.all(
    ROLES.map(async (role) => [role, await secrets.obtain(`database-${role}`, newPassword)]),
  )
  return Object.fromEntries(pairs) as Record<Role, string>
}

function urlPerRole(urlOf: (role: Role) => string): Record<Role, string> {
  return Object.fromEntries(ROLES.map((role) => [role, urlOf(role)])) as Record<Role, string>
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.href
}
