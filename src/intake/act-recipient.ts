import { type Kysely, sql } from 'kysely'
import { followDirectory } from '../centres/load-directory.ts'
import { openActRecipient } from '../declaration/publisher-recipient.ts'
import { utf8 } from '../encoding/bytes.ts'
import { IntakeError } from './error.ts'
import type { IntakeTables } from './tables.ts'

export interface ActRecipientOptions {
  readonly db: Kysely<IntakeTables>
  readonly register: string
  /** Configuration, never a row. */
  readonly rootPublicKey: Uint8Array
}

export interface ActRecipient {
  readonly recipient: string
  /** Signed by the log's key, for whoever verifies it again. */
  readonly note: string
}

/**
 * Finds to whom signed acts are sealed. The row is believed only with the signature of the log that the directory names;
 * it follows from the publisher's secrets and stays the same, so it is read once.
 */
export function followActRecipient(options: ActRecipientOptions): () => Promise<ActRecipient> {
  let known: Promise<ActRecipient> | undefined
  return () => {
    known ??= readRecipient(options).catch((error) => {
      known = undefined
      throw error
    })
    return known
  }
}

async function readRecipient(options: ActRecipientOptions): Promise<ActRecipient> {
  const { db, register, rootPublicKey } = options
  const { rows } = await sql<{ note: string | null }>`SELECT avow.act_recipient() AS note`.execute(
    db,
  )
  const note = rows[0]?.note
  if (note == null) throw new IntakeError('not_stored', 'no act recipient yet')
  try {
    const directory = await followDirectory(db, register, rootPublicKey).current()
    const opened = openActRecipient(utf8(note), directory.logs.get('declarations') ?? '')
    if (opened.register === register) return { recipient: opened.recipient, note }
  } catch (cause) {
    throw new IntakeError('not_stored', 'the act recipient does not verify', cause)
  }
  throw new IntakeError('not_stored', 'the act recipient is another register’s')
}
