import type { FormDefinition } from '../declaration/form-definition.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import type { Log } from './log.ts'
import { insertEmptyLog } from './log-state-store.ts'
import type { RegisterDatabase } from './tables.ts'

export type PreparingDeps = {
  readonly db: RegisterDatabase
  readonly config: { readonly form: FormDefinition; readonly formHash: string }
  readonly random: (length: number) => Uint8Array
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}

/** First start, a new form definition, new keys: the states of the logs, and the events that say so. */
export async function prepareRegister(
  { db, config, random, sha256 }: PreparingDeps,
  logs: { readonly declarations: Log; readonly events: Log },
  policy: string,
): Promise<void> {
  const { form, formHash } = config
  await db.transaction().execute(async (tx) => {
    const known = await tx.selectFrom('avow.log_state').select('log').execute()
    if (known.length === 0) {
      await insertEmptyLog(tx, logs.declarations, sha256)
      await insertEmptyLog(tx, logs.events, sha256)
    }
    if ((await announceOnce(tx, `form ${formHash}`, formHash)) === 'new') {
      const { id, version } = form
      await queueEvents(tx, [{ type: 'form', form: formHash, id, version }], random)
    }
    const policyHash = toHex(sha256(utf8(policy)))
    if ((await announceOnce(tx, 'policy', policyHash)) === 'new') {
      await queueEvents(tx, [{ type: 'key', subject: 'policy', hash: policyHash }], random)
    }
  })
}
