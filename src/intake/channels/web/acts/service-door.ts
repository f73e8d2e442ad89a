import { lookupHash } from '../../../../declaration/receipt.ts'
import { fromHex } from '../../../../encoding/hex.ts'
import type { RandomBytes } from '../../../../sealing/parameters.ts'
import type { ActDoor } from '../../../act-door.ts'
import { receiveSignedAct } from '../../../receive-act.ts'
import type { ReceiptDoor } from './receipt-door.ts'

/** As long as most acts are when sealed. */
const USUAL_SEALED_BYTES = 6 * 1024

/** The door of pages that are made here: one query for each call. */
export function serviceDoor(acts: ActDoor, random: RandomBytes): ReceiptDoor {
  return {
    view: (lookupId) => acts.receiptView(hashOf(acts, lookupId)),
    prepare: async () => {
      await acts.actRecipient()
    },
    submit: (message) => receiveSignedAct(message, acts),
    submitNothing: async () => {
      await acts.submitAct({
        lookupHash: random(32),
        id: random(32),
        sealed: random(USUAL_SEALED_BYTES),
        urgency: 'batch',
      })
    },
    withdrawUnpublished: (lookupId) => acts.withdrawUnpublished(hashOf(acts, lookupId)),
    forgetReceipt: (lookupId) => acts.forgetReceipt(hashOf(acts, lookupId)),
  }
}

export function hashOf({ sha256 }: Pick<ActDoor, 'sha256'>, lookupId: Uint8Array): Uint8Array {
  return fromHex(lookupHash(lookupId, sha256))
}
