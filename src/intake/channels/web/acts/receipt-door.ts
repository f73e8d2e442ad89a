import type { Forgotten, Submitted, WithdrawnUnpublished } from '../../../act-store.ts'
import type { ReceiptView } from '../../../receipt-state.ts'

/**
 * All that a receipt's pages ask of the service, by the look-up id that only the receipt yields. Behind it is a query each, or,
 * where the pages are made in a browser, a request each.
 */
export interface ReceiptDoor {
  readonly view: (lookupId: Uint8Array) => Promise<ReceiptView>
  /** Done before every handing in, so that an act which is nobody's costs the service the same. */
  readonly prepare: () => Promise<void>
  /** A signed act, sealed to its recipient on the way. */
  readonly submit: (message: Uint8Array) => Promise<Submitted>
  /** Looks like handing in an act, and is none. */
  readonly submitNothing: () => Promise<void>
  readonly withdrawUnpublished: (lookupId: Uint8Array) => Promise<WithdrawnUnpublished>
  readonly forgetReceipt: (lookupId: Uint8Array) => Promise<Forgotten>
}
