import type { Kysely } from 'kysely'
import type { ActRecipient } from './act-recipient.ts'
import {
  type Forgotten,
  forgetReceipt,
  submitAct,
  type WithdrawnUnpublished,
  withdrawUnpublished,
} from './act-store.ts'
import type { ReceiptView } from './receipt-state.ts'
import { receiptView } from './receipt-view.ts'
import type { ReceiveActDependencies } from './receive-act.ts'
import type { IntakeTables } from './tables.ts'

/** All that the holder of a receipt reaches, by the hash of its look-up id. One query each, whatever the receipt. */
export interface ActDoor extends ReceiveActDependencies {
  readonly receiptView: (lookupHash: Uint8Array) => Promise<ReceiptView>
  readonly withdrawUnpublished: (lookupHash: Uint8Array) => Promise<WithdrawnUnpublished>
  readonly forgetReceipt: (lookupHash: Uint8Array) => Promise<Forgotten>
}

export interface ActDoorOptions {
  readonly actRecipient: () => Promise<ActRecipient>
  readonly db: Kysely<IntakeTables>
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}

export function createActDoor(options: ActDoorOptions): ActDoor {
  const { db, sha256 } = options
  return {
    sha256,
    actRecipient: async () => (await options.actRecipient()).recipient,
    submitAct: (act) => submitAct(db, act),
    receiptView: (lookupHash) => receiptView(db, lookupHash),
    withdrawUnpublished: (lookupHash) => withdrawUnpublished(db, lookupHash),
    forgetReceipt: (lookupHash) => forgetReceipt(db, lookupHash),
  }
}
