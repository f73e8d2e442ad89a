import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { type AuditFinding, type AuditRow, checkAuditChain } from './audit-chain.ts'
import type { DeskTables } from './tables.ts'

const ROWS_AT_ONCE = 10_000

/** Follows the chain of every centre, as the owner of the database sees it. */
export async function checkAudit(
  db: Kysely<DeskTables>,
): Promise<readonly (AuditFinding & { readonly centre: string })[]> {
  const { rows: centres } = await sql<{ centre: string }>`
    SELECT centre FROM avow.audit_head UNION SELECT centre FROM avow.audit ORDER BY 1`.execute(db)
  const findings = []
  for (const { centre } of centres) {
    // The head first: what is added while we read lies beyond it and is left for the next time.
    const head = await db
      .selectFrom('avow.audit_head')
      .select(['place', 'hash'])
      .where('centre', '=', centre)
      .executeTakeFirst()
    const rows = readRows(db, centre, head?.place)
    findings.push({ centre, ...(await checkAuditChain(rows, head, sha256)) })
  }
  return findings
}

async function* readRows(
  db: Kysely<DeskTables>,
  centre: string,
  upTo: number | undefined,
): AsyncIterable<AuditRow> {
  for (let after = -1; ; ) {
    let query = db
      .selectFrom('avow.audit')
      .selectAll()
      .where('centre', '=', centre)
      .where('place', '>', after)
    if (upTo !== undefined) query = query.where('place', '<=', upTo)
    const rows = await query.orderBy('place').limit(ROWS_AT_ONCE).execute()
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.place
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
