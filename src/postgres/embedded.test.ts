import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { startTestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from './database.ts'

test('the embedded server is durable, silent and on a socket only', async () => {
  await using database = await startTestDatabase()
  await using db = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  const expected = {
    fsync: 'on',
    synchronous_commit: 'on',
    listen_addresses: '',
    track_activities: 'off',
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    track_commit_timestamp: 'off',
    wal_recycle: 'off',
    server_encoding: 'UTF8',
  }
  for (const [name, value] of Object.entries(expected)) {
    const { rows } = await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(
      db,
    )
    assert.equal(rows[0]?.value, value, name)
  }
})
