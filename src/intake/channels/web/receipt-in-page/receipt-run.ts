import { sha256 } from '@noble/hashes/sha2.js'
import { parseReceipt, receiptLookupId } from '../../../../declaration/receipt.ts'
import { ReceiptError } from '../../../../declaration/receipt-error.ts'
import type { Wordlist } from '../../../../declaration/receipt-reading.ts'
import { createCompactTranslate } from '../../../../i18n/compact-message.ts'
import type { Language } from '../../../../i18n/languages.ts'
import { readAgeFile } from '../../../../sealing/age-reader.ts'
import { hybridRecipientOfSeed } from '../../../../sealing/age-recipient.ts'
import { writeAgeFile } from '../../../../sealing/age-writer.ts'
import { pad, unpad } from '../../../../sealing/padding.ts'
import type { RandomBytes } from '../../../../sealing/parameters.ts'
import { IntakeError } from '../../../error.ts'
import type { ActContext, ActHost } from '../acts/act-context.ts'
import { type ActState, startState } from '../acts/act-state.ts'
import type { ActTranslate } from '../acts/catalogue.ts'
import type { ActPageParts } from '../acts/pages/act-frame.ts'
import { failedPage, lostPage } from '../acts/pages/result-page.ts'
import type { ReceiptDoor } from '../acts/receipt-door.ts'
import { leadsToStatus, walkAct } from '../acts/walk-act.ts'
import type { WebTranslate } from '../catalogue.ts'
import type { PlainPageParts, WebFrame } from '../pages/form-frame.ts'
import { statusAnswerPage, statusQuestionPage } from '../pages/status-page.ts'
import { explainReceiptError } from '../receipt-problems.ts'
import type { ReceiptPageData } from './receipt-page-data.ts'
import { LostError } from './remote-door.ts'

export type Shown =
  | { readonly place: 'question'; readonly parts: PlainPageParts }
  | { readonly place: 'status' | 'act'; readonly parts: ActPageParts }

interface ReceiptRunOptions {
  readonly data: ReceiptPageData
  readonly door: ReceiptDoor
  readonly random: RandomBytes
  readonly clock: () => Date
  readonly path: () => string
  /** The lists of all languages: only for words that this page's list does not explain. */
  readonly loadWordlists: () => Promise<readonly Wordlist[]>
}

/**
 * A receipt in one page's memory: the same questions and pages as from the service, which learns the look-up id, what was
 * sealed to others, and nothing else. `forget` drops it.
 */
export class ReceiptRun {
  readonly #options: ReceiptRunOptions
  #data: ReceiptPageData
  #wordlists: readonly Wordlist[]
  #state: ActState | null = null

  constructor(options: ReceiptRunOptions) {
    this.#options = options
    this.#data = options.data
    this.#wordlists = [options.data.words.split(' ')]
  }

  get frame(): WebFrame {
    const { language, messages, chrome } = this.#data
    const { title } = chrome
    return {
      // What surrounds the form is in the document already.
      look: {
        registerTitle: { en: title, 'zh-hans': title, 'zh-hant': title },
        assets: { cssPath: '', iconPath: '' },
        sample: false,
      },
      language,
      path: this.#options.path(),
      arrival: 'plain',
      t: createCompactTranslate(language, messages) as WebTranslate,
    }
  }

  get t(): ActTranslate {
    const { language, actMessages } = this.#data
    return createCompactTranslate(language, actMessages) as ActTranslate
  }

  /** A new receipt that nobody may have written down yet. */
  get isHoldingNewReceipt(): boolean {
    return this.#state?.page === 'rekey' && this.#state.heir !== null
  }

  useData(data: ReceiptPageData): void {
    this.#data = data
    this.#wordlists = [data.words.split(' '), ...this.#wordlists]
  }

  /** One press of a button, with what stands in the fields. */
  async press(fields: URLSearchParams): Promise<Shown> {
    const typed = fields.get('receipt')
    if (typed !== null) return this.#read(typed)
    if (this.#state === null) return this.question()
    return this.#walk(this.#state, fields)
  }

  /** The question, with nothing in it: what was known of a receipt is gone. */
  question(typed = '', message?: string): Shown {
    this.forget()
    const problems = message === undefined ? [] : [{ field: 'receipt', message }]
    return {
      place: 'question',
      parts: statusQuestionPage(this.frame, typed, problems, this.t),
    }
  }

  forget(): void {
    this.#state?.receipt.fill(0)
    this.#state?.heir?.fill(0)
    this.#state = null
  }

  async #read(typed: string): Promise<Shown> {
    try {
      const state = startState(await this.#parse(typed))
      return await this.#status(state, new URLSearchParams())
    } catch (error) {
      if (error instanceof ReceiptError) {
        return this.question(typed, explainReceiptError(error, this.frame.t))
      }
      return this.question(typed, this.t(sentenceFor(error)))
    }
  }

  async #parse(typed: string): Promise<Uint8Array> {
    try {
      return parseReceipt(typed, this.#wordlists)
    } catch (error) {
      const isExplained =
        !(error instanceof ReceiptError) || !/^(unknown_word|checksum)$/.test(error.code)
      if (isExplained) throw error
      const all = await this.#options.loadWordlists().catch(() => undefined)
      if (all === undefined) throw error
      this.#wordlists = all
      return parseReceipt(typed, all)
    }
  }

  async #walk(state: ActState, fields: URLSearchParams): Promise<Shown> {
    try {
      if (leadsToStatus(state, fields)) return await this.#status(startState(state.receipt), fields)
      const parts = await walkAct(await this.#look(state, fields))
      this.#state = parts.state
      return { place: 'act', parts }
    } catch (error) {
      const context = this.#contextOf(state, fields)
      const write = sentenceFor(error) === 'lostMore' ? lostPage : failedPage
      return { place: 'act', parts: write(context) }
    }
  }

  async #status(state: ActState, fields: URLSearchParams): Promise<Shown> {
    const context = await this.#look(state, fields)
    this.#state = state
    return { place: 'status', parts: statusAnswerPage(context) }
  }

  async #look(state: ActState, fields: URLSearchParams): Promise<ActContext> {
    const view = await this.#options.door.view(receiptLookupId(state.receipt))
    return { ...this.#contextOf(state, fields), view }
  }

  #contextOf(state: ActState, fields: URLSearchParams): Omit<ActContext, 'view'> {
    const { language, form, aliasWords } = this.#data
    const { random } = this.#options
    const { frame, t } = this
    const words = { language, t: frame.t, form, aliasWords, random }
    return { host: this.#host(), frame, form: words, t, state, fields }
  }

  #host(): ActHost {
    const { origin, actTiming, words } = this.#data
    const { door, random, clock } = this.#options
    const wordlist = words.split(' ')
    return {
      door,
      crypto: {
        sha256,
        random,
        sealToSeed: async (seed, bytes) =>
          writeAgeFile(hybridRecipientOfSeed(seed), pad(bytes), random),
      },
      openWithSeed: async (seed, file) => unpad(readAgeFile(seed, file)),
      origin,
      actTiming,
      clock,
      wordlistOf: (_language: Language) => wordlist,
      wordlists: [wordlist, ...this.#wordlists],
    }
  }
}

/** What a failure says to the person; anything that is no failure of the way to the service is a fault of ours. */
function sentenceFor(error: unknown): 'lostMore' | 'failedMore' {
  if (error instanceof LostError) return 'lostMore'
  if (error instanceof IntakeError) return 'failedMore'
  throw error
}
