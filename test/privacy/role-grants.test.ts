import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../../src/postgres/database.ts'
import { ROLES, type Role } from '../../src/postgres/roles.ts'
import { inCentre } from '../../src/postgres/transaction.ts'
import { startTestDatabase, type TestDatabase } from '../support/test-database.ts'

/** What each role may do, written out, so that a grant added by mistake shows up as a difference. */
const EXPECTED: Record<Role, readonly string[]> = {
  avow_intake: [
    'directory_change SELECT',
    'envelope INSERT(id,centre,line,channel,language,day,size_class,sealing,epoch,row_index,sealed)',
    'epoch INSERT',
    'receipt INSERT',
  ],
  avow_desk: [
    'account DELETE',
    'account INSERT',
    'account SELECT',
    'account UPDATE',
    'applicant DELETE',
    'applicant INSERT',
    'applicant SELECT',
    'approval_evidence SELECT(first_index,size,sealed)',
    'approved_item INSERT(case_id,kind,centre,recipient_hash,sealed)',
    'audit SELECT',
    'audit_head SELECT',
    'case INSERT',
    'case SELECT',
    'case UPDATE',
    'directory_change INSERT',
    'directory_change SELECT',
    'directory_change UPDATE',
    'draft DELETE',
    'draft INSERT',
    'draft SELECT',
    'draft UPDATE',
    'envelope SELECT',
    'envelope UPDATE(case_id)',
    'epoch SELECT',
    'handed_key DELETE',
    'handed_key INSERT',
    'handed_key SELECT',
    'handed_key UPDATE',
    'invitation DELETE',
    'invitation INSERT',
    'invitation SELECT',
    'note INSERT',
    'note SELECT',
    'recusal INSERT',
    'recusal SELECT',
    'passkey DELETE',
    'passkey INSERT',
    'passkey SELECT',
    'passkey UPDATE',
    'pending_change DELETE',
    'pending_change INSERT',
    'pending_change SELECT',
    'proposal DELETE',
    'proposal INSERT',
    'proposal SELECT',
    'proposal UPDATE',
    'publisher_recipient SELECT',
    'recovery_file DELETE',
    'recovery_file INSERT',
    'recovery_file SELECT',
    'recovery_file UPDATE',
    'signed_audit INSERT',
    'waiting_item SELECT',
    'withdrawn_person SELECT',
  ],
  avow_publisher: [
    'directory_change SELECT',
    ...[
      'announced',
      'approval_evidence',
      'approved_item',
      'content_bundle',
      'content_text',
    ].flatMap(all),
    ...['event_queue', 'import_manifest', 'imported_statement', 'kept_opening', 'kept_out'].flatMap(
      all,
    ),
    ...['log_state', 'publisher_recipient', 'refused_item', 'staged_batch', 'tally_part'].flatMap(
      all,
    ),
    ...['act_recipient', 'erasure', 'flagged_range', 'leaf_state', 'pending_act'].flatMap(all),
    ...all('public_centres'),
    ...all('signed_audit'),
    ...['raised_part', 'rebuilt_leaf', 'receipt_fate', 'refused_act', 'visible_group'].flatMap(all),
  ],
  avow_site: [],
}

function all(table: string): string[] {
  return ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((verb) => `${table} ${verb}`)
}

test('each role has exactly the grants of the architecture', async () => {
  await using database = await startTestDatabase()
  await using owner = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  for (const role of ROLES) {
    assert.deepEqual(await grantsOf(owner, role), [...EXPECTED[role]].sort(), role)
    const { rows } = await sql<{
      rolsuper: boolean
      rolbypassrls: boolean
      owns: boolean
    }>`SELECT rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid) AS owns
       FROM pg_roles WHERE rolname = ${role}`.execute(owner)
    assert.deepEqual(rows[0], { rolsuper: false, rolbypassrls: false, owns: false }, role)
  }
})

/** The doors between roles: each runs as the owner and is open to one role. */
const DOORS: Record<string, Role> = {
  act_recipient: 'avow_intake',
  append_audit: 'avow_desk',
  close_cases: 'avow_publisher',
  drop_dummy: 'avow_desk',
  forget_receipt: 'avow_intake',
  receipt_view: 'avow_intake',
  submit_act: 'avow_intake',
  withdraw_unpublished: 'avow_intake',
  reject_case: 'avow_desk',
  reseal_item: 'avow_desk',
  return_case: 'avow_publisher',
}

test('each function between roles is open to one role', async () => {
  await using database = await startTestDatabase()
  await using owner = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  const { rows } = await sql<{ name: string; roles: string[] }>`
    SELECT p.proname AS name, array(SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'avow\_%'
        AND NOT rolsuper AND has_function_privilege(oid, p.oid, 'EXECUTE') ORDER BY 1) AS roles
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'avow'`.execute(
    owner,
  )
  const open = Object.fromEntries(rows.map(({ name, roles }) => [name, roles]))
  assert.deepEqual(
    open,
    // Triggers run with what they are bound to and are nobody's to call.
    {
      end_notes: [],
      refuse_change: [],
      ...Object.fromEntries(Object.entries(DOORS).map(([name, role]) => [name, [role]])),
    },
  )
})

test('the intake cannot read back what it took in', async () => {
  await using database = await startTestDatabase()
  await using intake = openDatabase<unknown>(database.urls.avow_intake, { max: 1 })
  await insertEnvelope(intake, 'alpha')
  for (const table of ['envelope', 'epoch', 'receipt', '"case"', 'proposal', 'account']) {
    await assert.rejects(
      sql.raw(`SELECT * FROM avow.${table}`).execute(intake),
      /permission denied/,
    )
    await assert.rejects(sql.raw(`DELETE FROM avow.${table}`).execute(intake), /permission denied/)
  }
})

test('a desk request sees its own centre, on connections reused after errors and rollbacks too', async () => {
  await using database = await startTestDatabase()
  await fileTwoCentres(database)
  // One connection: whatever a request leaves behind, the next one inherits.
  await using desk = openDatabase<unknown>(database.urls.avow_desk, { max: 1 })
  assert.deepEqual(await centresSeen(desk), [], 'no centre set, no rows')
  assert.deepEqual(await inCentre(desk, 'alpha', centresSeen), ['alpha'])
  assert.deepEqual(await centresSeen(desk), [], 'the setting ends with the transaction')
  await assert.rejects(inCentre(desk, 'beta', (tx) => sql`SELECT 1 / 0`.execute(tx)))
  assert.deepEqual(await centresSeen(desk), [], 'after an error')
  await assert.rejects(
    inCentre(desk, 'beta', async () => {
      throw new Error('rolled back by the caller')
    }),
  )
  assert.deepEqual(await centresSeen(desk), [], 'after a rollback')
  const many = Array.from({ length: 50 }, (_, i) => {
    const centre = i % 2 === 0 ? 'alpha' : 'beta'
    return inCentre(desk, centre, centresSeen).then((seen) => assert.deepEqual(seen, [centre]))
  })
  await Promise.all(many)
  assert.deepEqual(await centresSeen(desk), [], 'after the pool was exhausted')
})

test('a desk request cannot write into another centre', async () => {
  await using database = await startTestDatabase()
  await fileTwoCentres(database)
  await using desk = openDatabase<unknown>(database.urls.avow_desk, { max: 1 })
  await assert.rejects(
    inCentre(desk, 'alpha', (tx) =>
      sql`INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class)
          VALUES (${randomBytes(16)}, 'beta', 'web', 'web', 'en', '2026-01-01', 2048)`.execute(tx),
    ),
    /row-level security/,
  )
  const touched = await inCentre(desk, 'alpha', (tx) =>
    sql`UPDATE avow.envelope SET case_id = ${randomBytes(16)} WHERE centre = 'beta'`.execute(tx),
  )
  assert.equal(touched.numAffectedRows, 0n)
})

test('nobody decides on their own proposal, not even past the application', async () => {
  await using database = await startTestDatabase()
  await using owner = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  const id = randomBytes(16)
  await sql`INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class)
    VALUES (${id}, 'alpha', 'web', 'web', 'en', '2026-01-01', 2048)`.execute(owner)
  await assert.rejects(
    sql`INSERT INTO avow.proposal
        (case_id, centre, kind, proposed_by, hash, signature, sealed, decided_by, approved_signature)
      VALUES (${id}, 'alpha', 'publish', 'one', ${randomBytes(32)}, ${'s'.repeat(88)}, '\\x00', 'one',
        ${'s'.repeat(88)})`.execute(owner),
    /proposal_check|decided_by/,
  )
})

async function grantsOf(owner: Kysely<unknown>, role: Role): Promise<string[]> {
  const { rows } = await sql<{ grant: string }>`
    SELECT table_name || ' ' || privilege_type AS grant FROM information_schema.role_table_grants
      WHERE grantee = ${role} AND table_schema = 'avow'
    UNION
    SELECT c.table_name || ' ' || c.privilege_type || '(' ||
        string_agg(c.column_name, ',' ORDER BY col.ordinal_position) || ')'
      FROM information_schema.role_column_grants c
      JOIN information_schema.columns col USING (table_schema, table_name, column_name)
      WHERE c.grantee = ${role} AND c.table_schema = 'avow' AND NOT EXISTS (
        SELECT 1 FROM information_schema.role_table_grants t WHERE t.grantee = c.grantee
          AND t.table_schema = 'avow' AND t.table_name = c.table_name AND t.privilege_type = c.privilege_type)
      GROUP BY c.table_name, c.privilege_type`.execute(owner)
  return rows.map((row) => row.grant).sort()
}

async function centresSeen(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ centre: string }>`
    SELECT DISTINCT centre FROM avow.envelope UNION SELECT centre FROM avow.epoch ORDER BY 1`.execute(
    db,
  )
  return rows.map((row) => row.centre)
}

async function fileTwoCentres(database: TestDatabase): Promise<void> {
  await using intake = openDatabase<unknown>(database.urls.avow_intake, { max: 1 })
  await insertEnvelope(intake, 'alpha')
  await insertEnvelope(intake, 'beta')
}

async function insertEnvelope(intake: Kysely<unknown>, centre: string): Promise<void> {
  const epoch = randomBytes(16)
  await sql`INSERT INTO avow.epoch (id, centre, sealed_start, day)
    VALUES (${epoch}, ${centre}, '\\x00', '2026-01-01')`.execute(intake)
  await sql`INSERT INTO avow.envelope (id, centre, line, channel, language, day, size_class, epoch, row_index, sealed)
    VALUES (${randomBytes(32)}, ${centre}, 'web', 'web', 'en', '2026-01-01', 2048, ${epoch}, 0, '\\x00')`.execute(
    intake,
  )
}
