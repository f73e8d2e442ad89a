import { announceOnce, queueEvents } from './event-queue.ts'
import type { RegisterDatabase } from './tables.ts'

export type AppFile = { readonly name: string; readonly hash: string }

/**
 * Puts the hashes of the scripts that browsers run into the event log when they have changed, so that a script served to one
 * person alone can be told from everybody else's.
 */
export async function announceApp(
  db: RegisterDatabase,
  files: readonly AppFile[],
  random: (length: number) => Uint8Array,
): Promise<void> {
  const value = files.map(({ name, hash }) => `${name} ${hash}`).join('\n')
  await db.transaction().execute(async (tx) => {
    if ((await announceOnce(tx, 'app', value)) === 'known') return
    await queueEvents(tx, [{ type: 'app', files }], random)
  })
}
