import { type Kysely, sql } from 'kysely'

/** One role per kind of process (docs: ARCHITECTURE.md). None owns a table, none bypasses row-level security. */
export const ROLES = ['avow_intake', 'avow_desk', 'avow_publisher', 'avow_site'] as const
export type Role = (typeof ROLES)[number]

/** Makes the roles and gives them the passwords of this installation. Run by the owner before the migrations. */
export async function ensureRoles(
  owner: Kysely<unknown>,
  passwords: Readonly<Record<Role, string>>,
): Promise<void> {
  await owner.transaction().execute(async (tx) => {
    // Roles belong to the whole cluster: two databases starting at once must not race for a name.
    await sql`SELECT pg_advisory_xact_lock(hashtext('avow.roles'))`.execute(tx)
    await sql`CREATE SCHEMA IF NOT EXISTS avow`.execute(tx)
    for (const role of ROLES) {
      const known = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${role}`.execute(tx)
      const verb = known.rows.length === 0 ? 'CREATE' : 'ALTER'
      await sql
        .raw(
          `${verb} ROLE ${role} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD ${quoteLiteral(passwords[role])}`,
        )
        .execute(tx)
      await sql.raw(`GRANT USAGE ON SCHEMA avow TO ${role}`).execute(tx)
    }
    await sql`REVOKE ALL ON SCHEMA public FROM PUBLIC`.execute(tx)
  })
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
