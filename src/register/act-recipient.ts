import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { formatActRecipient } from '../declaration/publisher-recipient.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { identityFromSeed, recipientOf } from '../sealing/age.ts'
import type { LogKeys } from './log-keys.ts'
import type { RegisterDatabase } from './tables.ts'

export const ACT_RECIPIENT_FILE = 'log/act-recipient'

/**
 * Opens authors' acts. It follows from the staging key of the secrets folder, so that a restart loses no act that was
 * accepted: nobody is left who could seal it again.
 */
export function actIdentity(stagingKey: Uint8Array): string {
  return identityFromSeed(hkdf(sha256, stagingKey, undefined, utf8('avow/acts/v1'), 32))
}

/** The signed note that is served, and that intake and pages seal by. The same at every start. */
export async function actRecipientNote(
  stagingKey: Uint8Array,
  register: string,
  logKeys: LogKeys,
): Promise<Uint8Array> {
  const recipient = await recipientOf(actIdentity(stagingKey))
  return formatActRecipient({ register, recipient }, logKeys.declarations.signer)
}

export async function announceActRecipient(db: RegisterDatabase, note: Uint8Array): Promise<void> {
  await db
    .insertInto('avow.act_recipient')
    .values({ note: fromUtf8(note) })
    .onConflict((row) => row.column('one').doUpdateSet({ note: fromUtf8(note) }))
    .execute()
}
