import type { AliasWords } from '../../../declaration/alias.ts'
import type { ActTiming, FormDefinition } from '../../../declaration/form-definition.ts'
import type { RegisterTexts } from '../../../declaration/register-texts.ts'
import type { Language } from '../../../i18n/languages.ts'
import type { RandomBytes } from '../../../sealing/parameters.ts'
import type { PageOptions } from '../../../ui/page.ts'
import type { Admission } from '../../abuse/admission.ts'
import type { ActDoor } from '../../act-door.ts'
import type { CiphertextMeta, CiphertextOutcome } from '../../receive-ciphertext.ts'
import type { InPage } from './in-page/create-in-page.ts'
import type { ReceiptInPage } from './receipt-in-page/create-receipt-in-page.ts'

/** How long an approved statement waits, as the form tells people. Hours are 0 where nothing waits. */
export interface NotBefore {
  readonly minHours: number
  readonly maxHours: number
  readonly maxDays: number
}

/** What the web channel needs to know; storage and keys of centres are not among it. */
export interface WebChannelOptions {
  readonly form: FormDefinition
  readonly formHash: string
  readonly texts: Readonly<Record<Language, RegisterTexts>>
  readonly aliasWords: AliasWords
  readonly notBefore: NotBefore
  readonly assets: PageOptions['assets']
  readonly sample: boolean
  readonly centre: string
  readonly line: string
  readonly clock: () => Date
  readonly random: RandomBytes
  readonly admission: Admission
  /** The script of the waiting page, which solves its puzzle; the page works without it. */
  readonly workScriptPath: string
  /** Other ways to declare, said where this one is full; empty where the operator named none. */
  readonly otherChannels: Readonly<Record<Language, string>>
  /** Sealing in the page, where scripts run; without it every page is the one without scripts. */
  readonly inPage?: InPage
  /** The same for the receipt's pages. */
  readonly receiptInPage?: ReceiptInPage
  /** Stores what a sender sealed to the centre. */
  readonly receiveSealed: (
    input: Uint8Array | string,
    meta: CiphertextMeta,
  ) => Promise<CiphertextOutcome>
  /** A form to take along, offered where its sealed text is handed in. */
  readonly offlineForm?: (language: Language) => { readonly path: string; readonly sha256: string }
  readonly acts: ActDoor
  /** How long an act may wait for company; days are 0 where nothing waits. */
  readonly actTiming: ActTiming
  /** Of the declaration log: what an act is signed for. */
  readonly origin: string
}
