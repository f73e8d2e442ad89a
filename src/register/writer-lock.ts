import pg from 'pg'
import { RegisterError } from './error.ts'

/** "avow" in ASCII: one writer per database. */
const LOCK = 0x61766f77

export interface WriterLock extends AsyncDisposable {
  /** Throws `lock_lost` once the connection that holds the lock is gone: somebody else may be writing. */
  readonly requireHeld: () => void
}

/**
 * Takes the advisory lock of the one writer on a connection of its own, whose end is the end of the lock.
 * Throws `second_writer` when it is taken.
 */
export async function takeWriterLock(databaseUrl: string): Promise<WriterLock> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: '' })
  let lost: unknown
  client.on('error', (error) => {
    lost = error
  })
  client.on('end', () => {
    lost ??= new Error('the connection was closed')
  })
  await client.connect()
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS taken',
    [LOCK],
  )
  if (rows[0]?.taken !== true) {
    await client.end()
    throw new RegisterError('second_writer', 'another publisher is writing this register')
  }
  return {
    requireHeld() {
      if (lost !== undefined) {
        throw new RegisterError('lock_lost', 'the connection that held the lock is gone', lost)
      }
    },
    async [Symbol.asyncDispose]() {
      if (lost === undefined) await client.end()
    },
  }
}
