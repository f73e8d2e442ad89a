import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { startTestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from './database.ts'
import { findWrongSettings } from './trace-settings.ts'

test('the server we start writes nothing down about anybody', async () => {
  await using database = await startTestDatabase()
  await using db = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  assert.deepEqual(await findWrongSettings(db), [])
})

test('a setting that keeps a trace is named, with what it should be', async () => {
  await using database = await startTestDatabase()
  await using db = openDatabase<unknown>(database.ownerUrl, { max: 1 })
  await sql`SET log_statement = 'all'`.execute(db)
  await sql`SET track_activities = on`.execute(db)
  await sql`SET log_min_duration_statement = '250ms'`.execute(db)
  assert.deepEqual(await findWrongSettings(db), [
    { name: 'log_statement', value: 'all', wanted: 'none' },
    { name: 'log_min_duration_statement', value: '250', wanted: '-1' },
    { name: 'track_activities', value: 'on', wanted: 'off' },
  ])
})
