import { sql } from 'kysely'
import { openDatabase } from '../postgres/database.ts'

const EVERY_MS = 30 * 60_000

/**
 * Keeps the write-ahead log of the embedded server young: commit records carry times, and a quiet server would hold its last
 * segment for days. Twice an hour a new segment begins and the checkpoint removes what is older.
 */
export function boundWal(ownerUrl: string, onFault: (fault: unknown) => void): AsyncDisposable {
  const owner = openDatabase<unknown>(ownerUrl, { max: 1 })
  const timer = setInterval(() => {
    beginSegment().catch(onFault)
  }, EVERY_MS)
  timer.unref()
  const beginSegment = async () => {
    await sql`SELECT pg_switch_wal()`.execute(owner)
    await sql`CHECKPOINT`.execute(owner)
  }
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await owner.destroy()
    },
  }
}
