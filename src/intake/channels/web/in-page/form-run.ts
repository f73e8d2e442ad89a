import { toBase64 } from '../../../../encoding/base64.ts'
import { createCompactTranslate } from '../../../../i18n/compact-message.ts'
import type { Language } from '../../../../i18n/languages.ts'
import type { CentreKey } from '../../../../sealing/centre-entry.ts'
import type { RandomBytes } from '../../../../sealing/parameters.ts'
import { buildSubmission } from '../build-submission.ts'
import type { WebTranslate } from '../catalogue.ts'
import type { FormContext, PageHost, StepId } from '../form-context.ts'
import { type FormState, startState } from '../form-state.ts'
import { listOthers } from '../list-others.ts'
import { checkPage } from '../pages/check-page.ts'
import type { FormPageParts, PlainPageParts, WebFrame } from '../pages/form-frame.ts'
import { noReceiptPage, receiptPage } from '../pages/receipt-page.ts'
import { stepPage } from '../pages/step-page.ts'
import { receiptOwner } from '../receipt-owner.ts'
import { findStep } from '../steps.ts'
import { showCheck, showStep, type Walked, walkForm } from '../walk-form.ts'
import type { PageData } from './page-data.ts'
import { type SealedForm, sealForm } from './seal-form.ts'

/** Where in the form a page stands: what going back in the browser returns to. */
export type Place = StepId | 'check' | 'sent'

export interface Shown {
  readonly place: Place
  readonly parts: FormPageParts | PlainPageParts
}

export interface FormRunOptions {
  readonly data: PageData
  readonly centreKey: CentreKey
  readonly channel: 'web' | 'onion'
  /** The path of the page, as links on it are relative to it. */
  readonly path: (language: Language) => string
  readonly host: PageHost
  readonly random: RandomBytes
  readonly pause: () => Promise<void>
}

/**
 * The whole form in one page's memory: the same questions, checks and pages as step by step from the server. Nothing of it is
 * written anywhere; `forget` drops it.
 */
export class FormRun {
  readonly #options: FormRunOptions
  #data: PageData
  #state: FormState = startState
  #sealed: SealedForm | null = null
  #isSent = false

  constructor(options: FormRunOptions) {
    this.#options = options
    this.#data = options.data
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
      path: this.#options.path(language),
      arrival: 'plain',
      t: createCompactTranslate(language, messages) as WebTranslate,
    }
  }

  get context(): FormContext {
    const { language, form, texts, aliasWords } = this.#data
    const { channel, random, centreKey, host } = this.#options
    const { t } = this.frame
    return { channel, language, t, form, texts, aliasWords, random, centreKey, host }
  }

  /** Whether closing the page would lose something. */
  get isHoldingAnswers(): boolean {
    return this.#state !== startState
  }

  useData(data: PageData): void {
    this.#data = data
  }

  /** One press of a button, with what stands in the fields. */
  press(fields: URLSearchParams): Shown | 'send' | 'leave' {
    return this.#follow(walkForm(this.#state, fields, this.context))
  }

  /** Back or forward in the browser. What stands in the fields is kept; what was sent stays sent. */
  goTo(place: Place, fields: URLSearchParams): Shown {
    if (this.#isSent) return this.#receipt()
    fields.set('go', 'stay')
    const kept = walkForm(this.#state, fields, this.context)
    if ('state' in kept) this.#state = kept.state
    const step = place === 'check' || place === 'sent' ? undefined : findStep(place)
    const walked = step?.appliesTo(this.#state.answers)
      ? showStep(step, this.#state, this.context)
      : showCheck(this.#state, this.context)
    const shown = this.#follow(walked)
    return shown === 'send' || shown === 'leave' ? this.#check() : shown
  }

  /** Seals what was checked, gives it to `deliver`, and shows the receipt, or the check page again with what went wrong. */
  async send(
    deliver: (sealed: SealedForm) => Promise<'taken' | 'lost' | 'refused'>,
  ): Promise<Shown> {
    const { wantsReceipt } = this.#state.answers
    const { recipient } = this.#options.centreKey
    const draft = buildSubmission(this.#state.answers, this.#data.formHash, this.context)
    this.#sealed = await sealForm(draft, wantsReceipt, this.#sealed, {
      ...this.#options,
      recipient,
    })
    const outcome = await deliver(this.#sealed)
    if (outcome !== 'taken') {
      return this.#check(this.frame.t(outcome === 'lost' ? 'sendLost' : 'sendRefused'))
    }
    this.#isSent = true
    const { receipts, id, contentHash } = this.#sealed
    const prepared = { receipts: receipts.map(toBase64), keys: [], id, contentHash, replaces: null }
    this.#state = { ...this.#state, step: 'receipt', handing: 0, prepared }
    return this.#receipt()
  }

  /** The sealed message, for whoever carries it by other means. */
  get sealed(): SealedForm | null {
    return this.#sealed
  }

  forget(): void {
    for (const receipt of this.#sealed?.receipts ?? []) receipt.fill(0)
    this.#sealed = null
    this.#state = startState
    this.#isSent = false
  }

  #follow(walked: Walked): Shown | 'send' | 'leave' {
    if ('state' in walked) this.#state = walked.state
    switch (walked.show) {
      case 'leave':
        return 'leave'
      case 'step': {
        const { step, problems } = walked
        const parts = { step, answers: this.#state.answers, context: this.context, state: '' }
        return { place: step.id, parts: stepPage(this.frame, { ...parts, problems }) }
      }
      case 'check':
        return this.#check()
      case 'send':
        return 'send'
      case 'receipt':
        return this.#receipt()
    }
  }

  #check(failure?: string): Shown {
    const { context } = this
    const { answers } = this.#state
    const draft = buildSubmission(answers, this.#data.formHash, context)
    const { notBefore } = this.#data
    const parts = { answers, draft, context, notBefore, state: '', failure }
    return { place: 'check', parts: checkPage(this.frame, parts) }
  }

  #receipt(): Shown {
    const { answers, handing } = this.#state
    const hasArrived = this.#options.host !== 'offline'
    const receipt = this.#sealed?.receipts[handing]
    if (receipt === undefined)
      return { place: 'sent', parts: noReceiptPage(this.frame, hasArrived) }
    const parts = receiptPage(this.frame, {
      receipt,
      hasArrived,
      wordlist: this.#data.words.split(' '),
      number: handing + 1,
      count: this.#sealed?.receipts.length ?? 1,
      owner: receiptOwner(answers, listOthers(answers, this.context), handing, this.frame.t),
      state: '',
    })
    return { place: 'sent', parts }
  }
}
