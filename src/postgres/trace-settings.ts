import { type Kysely, sql } from 'kysely'
import pg from 'pg'

const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * What a server must be set to so that it writes down nothing about who did what when. Our own is started so; a server
 * elsewhere is asked, because only its operator can change it.
 */
const TRACELESS: Readonly<Record<string, readonly string[]>> = {
  log_min_messages: ['fatal', 'panic'],
  log_min_error_statement: ['panic'],
  log_error_verbosity: ['terse'],
  log_parameter_max_length: ['0'],
  log_parameter_max_length_on_error: ['0'],
  log_statement: ['none'],
  log_min_duration_statement: ['-1'],
  log_min_duration_sample: ['-1'],
  log_duration: ['off'],
  log_connections: ['off', ''],
  log_disconnections: ['off'],
  log_checkpoints: ['off'],
  log_autovacuum_min_duration: ['-1'],
  log_lock_waits: ['off'],
  log_temp_files: ['-1'],
  track_activities: ['off'],
  track_commit_timestamp: ['off'],
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply', 'remote_write', 'local'],
}

export interface WrongSetting {
  readonly name: string
  readonly value: string
  readonly wanted: string
}

/** Every setting that keeps a trace or risks a loss; also a loaded pg_stat_statements, which keeps statements. */
export async function findWrongSettings(db: Kysely<unknown>): Promise<readonly WrongSetting[]> {
  const wrong: WrongSetting[] = []
  for (const [name, wanted] of Object.entries(TRACELESS)) {
    const value = await show(db, name)
    if (value !== undefined && !wanted.includes(value)) {
      wrong.push({ name, value, wanted: wanted.filter(Boolean).join(' or ') })
    }
  }
  const value = (await show(db, 'shared_preload_libraries')) ?? ''
  if (/pg_stat_statements|auto_explain/.test(value)) {
    wrong.push({ name: 'shared_preload_libraries', value, wanted: 'neither of these' })
  }
  return wrong
}

/** Undefined for a setting that this server's version does not have, or does not show to its user. */
async function show(db: Kysely<unknown>, name: string): Promise<string | undefined> {
  const query = sql<{ value: string | null }>`SELECT current_setting(${name}, true) AS value`
  const rows = await query.execute(db).then(
    (result) => result.rows,
    (error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE) return []
      throw error
    },
  )
  const value = rows[0]?.value
  // Lengths and durations come with a unit in the server's words.
  return value === null || value === undefined
    ? undefined
    : value.replace(/^(-?\d+)(ms|s|min|kB|B)$/, '$1')
}
