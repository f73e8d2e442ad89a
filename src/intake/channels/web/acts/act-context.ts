import type { ActCrypto } from '../../../../declaration/build-act.ts'
import type { ActTiming } from '../../../../declaration/form-definition.ts'
import type { Wordlist } from '../../../../declaration/receipt-reading.ts'
import type { Language } from '../../../../i18n/languages.ts'
import type { ReceiptView } from '../../../receipt-state.ts'
import type { FormContext } from '../form-context.ts'
import type { WebFrame } from '../pages/form-frame.ts'
import type { ActState } from './act-state.ts'
import type { ActTranslate } from './catalogue.ts'
import type { ReceiptDoor } from './receipt-door.ts'

/** Where a receipt's pages are made: at the service, or in its holder's own browser. */
export interface ActHost {
  readonly door: ReceiptDoor
  readonly crypto: ActCrypto
  /** Opens what was sealed to the age identity of a seed. Throws SealingError. */
  readonly openWithSeed: (ageSeed: Uint8Array, file: Uint8Array) => Promise<Uint8Array>
  /** Of the declaration log: what an act is signed for. */
  readonly origin: string
  /** How long an act may wait for company; days are 0 where nothing waits. */
  readonly actTiming: ActTiming
  readonly clock: () => Date
  readonly wordlistOf: (language: Language) => Wordlist
  /** In which the words of a new receipt may be typed again. */
  readonly wordlists: readonly Wordlist[]
}

/** One question about one receipt: what came, what the register says, and what the page needs to be written. */
export interface ActContext {
  readonly host: ActHost
  readonly frame: WebFrame
  readonly form: Pick<FormContext, 'language' | 't' | 'form' | 'aliasWords' | 'random'>
  readonly t: ActTranslate
  readonly state: ActState
  readonly view: ReceiptView
  readonly fields: URLSearchParams
}
