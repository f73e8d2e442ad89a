import { sql } from 'kysely'
import { openDatabase } from '../postgres/database.ts'

const EVERY_MS = 30 * 60_000

/** Rows that open something with what a person may still hold: a link in a scrollback, the passphrase of who left. */
const KEYS = sql`avow.invitation, avow.handed_key, avow.account`

/**
 * Keeps the write-ahead log of the embedded server young: commit records carry times, and a quiet server would hold its last
 * segment for days. Twice an hour, and at the end, a new segment begins and the checkpoint removes what is older; before it
 * the few rows of keys are written anew, because what PostgreSQL deletes from a small table stays in its file.
 */
export function boundWal(ownerUrl: string, onFault: (fault: unknown) => void): AsyncDisposable {
  const owner = openDatabase<unknown>(ownerUrl, { max: 1 })
  const timer = setInterval(() => {
    beginSegment().catch(onFault)
  }, EVERY_MS)
  timer.unref()
  const beginSegment = async () => {
    await sql`VACUUM (FULL) ${KEYS}`.execute(owner)
    await sql`SELECT pg_switch_wal()`.execute(owner)
    await sql`CHECKPOINT`.execute(owner)
  }
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await beginSegment().catch(onFault)
      await owner.destroy()
    },
  }
}
