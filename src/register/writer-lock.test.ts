import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openRegisterHouse, ownStatement } from '../../test/support/register-house.ts'
import { RegisterError } from './error.ts'

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof RegisterError && error.code === code

test('a second writer is refused while the first is running, and welcome after it', async () => {
  await using house = await openRegisterHouse()
  {
    await using _first = await house.start()
    assert.equal(await house.refusal(), 'second_writer')
  }
  await using _second = await house.start()
  await house.check()
})

test('a writer whose lock was lost appends nothing until it has it again', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await sql`
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
    house.owner,
  )
  await assert.rejects(publisher.runRound(), refusedWith('lock_lost'))
  assert.deepEqual(publisher.health(), { state: 'retrying', code: 'lock_lost' })
  assert.equal((await publisher.runRound()).declarations.size, 1)
  await house.check()
})
