import type pg from 'pg'

/** In which of the two files of a backup a table's rows are, or that they are in none. */
export type TableGroup = 'register' | 'submissions' | 'left-out'

/**
 * Left out is what the public folder has anyway, erasures applied, and what must not come back: the note signed last,
 * batches under way, and sessions of keys. A table that nobody put here goes with the submissions, which are kept the
 * shortest.
 */
export const TABLE_GROUPS: Readonly<Record<string, TableGroup>> = {
  account: 'register',
  act_recipient: 'submissions',
  announced: 'register',
  applicant: 'register',
  approval_evidence: 'register',
  approved_item: 'submissions',
  audit: 'register',
  audit_head: 'register',
  case: 'submissions',
  content_bundle: 'left-out',
  content_text: 'left-out',
  directory_change: 'register',
  draft: 'submissions',
  envelope: 'submissions',
  epoch: 'submissions',
  erasure: 'submissions',
  event_queue: 'register',
  flagged_range: 'left-out',
  handed_key: 'submissions',
  import_manifest: 'register',
  imported_statement: 'register',
  invitation: 'submissions',
  kept_opening: 'submissions',
  kept_out: 'register',
  leaf_state: 'left-out',
  log_state: 'left-out',
  migration: 'left-out',
  note: 'submissions',
  passkey: 'register',
  pending_act: 'submissions',
  pending_change: 'submissions',
  proposal: 'submissions',
  public_centres: 'register',
  publisher_recipient: 'left-out',
  raised_part: 'submissions',
  rebuilt_leaf: 'register',
  receipt: 'submissions',
  receipt_fate: 'submissions',
  recovery_file: 'register',
  recusal: 'submissions',
  refused_act: 'register',
  refused_item: 'submissions',
  signed_audit: 'submissions',
  staged_batch: 'left-out',
  tally_part: 'left-out',
  visible_group: 'register',
}

export function groupOf(table: string): TableGroup {
  return TABLE_GROUPS[table] ?? 'submissions'
}

export type Table = { readonly name: string; readonly columns: readonly string[] }

/** Every table of ours, those that others refer to first. */
export async function listTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(`
    SELECT c.relname AS name,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      coalesce((SELECT array_agg(DISTINCT t.relname::text) FROM pg_constraint f
        JOIN pg_class t ON t.oid = f.confrelid
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid), '{}') AS needs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'avow' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`)
  const ordered: Table[] = []
  const done = new Set<string>()
  while (ordered.length < rows.length) {
    const ready = rows.filter(
      ({ name, needs }) => !done.has(name) && needs.every((other) => done.has(other)),
    )
    if (ready.length === 0) throw new Error('tables refer to each other in a circle')
    for (const { name, columns } of ready) {
      ordered.push({ name, columns })
      done.add(name)
    }
  }
  return ordered
}
