import { formatPublisherRecipient } from '../declaration/publisher-recipient.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import type { LogKeys } from './log-keys.ts'
import type { RegisterDatabase } from './tables.ts'

/** Opens approved items. It lives in this process only; when it is gone the desks' browsers seal what waits again. */
export type UnsealIdentity = { readonly identity: string; readonly recipientHash: Uint8Array }

/** Makes the recipient of approved items known, signed by the declaration log's key. Any earlier one is gone. */
export async function announceRecipient(
  db: RegisterDatabase,
  given: {
    readonly identity: string | undefined
    readonly register: string
    readonly logKeys: LogKeys
    readonly sha256: (bytes: Uint8Array) => Uint8Array
  },
): Promise<UnsealIdentity> {
  const identity = given.identity ?? (await generateIdentity())
  const recipient = await recipientOf(identity)
  const note = formatPublisherRecipient(
    { register: given.register, recipient },
    given.logKeys.declarations.signer,
  )
  const recipientHash = given.sha256(utf8(recipient))
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('avow.publisher_recipient').execute()
    await tx
      .insertInto('avow.publisher_recipient')
      .values({ recipient_hash: recipientHash, note: fromUtf8(note), current: true })
      .execute()
  })
  return { identity, recipientHash }
}
