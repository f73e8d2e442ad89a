import type { MarkupValue } from '../../../ui/html.ts'
import type { Verdict } from '../../abuse/admission.ts'
import { emptyAnswers } from './answers.ts'
import { buildSubmission, type DraftSubmission } from './build-submission.ts'
import { WebError } from './error.ts'
import type { FormContext } from './form-context.ts'
import { type FormState, sealState } from './form-state.ts'
import { listOthers } from './list-others.ts'
import type { PageKeys } from './page-keys.ts'
import { checkPage } from './pages/check-page.ts'
import type { WebFrame } from './pages/form-frame.ts'
import { formPage } from './pages/form-page.ts'
import { receiptPage } from './pages/receipt-page.ts'
import { stepPage } from './pages/step-page.ts'
import { waitingPage } from './pages/waiting-page.ts'
import { prepareSubmission, receiptOf } from './prepared-submission.ts'
import { receiptOwner } from './receipt-owner.ts'
import type { Walked } from './walk-form.ts'
import type { WebChannelOptions } from './web-options.ts'
import { wordlistOf } from './wordlists.ts'

type Waiting = Extract<Verdict, { outcome: 'wait' }>

/** Turns a state of the form into its page, with the state sealed inside. */
export class FormPages {
  readonly #options: WebChannelOptions
  readonly #keys: PageKeys

  constructor(options: WebChannelOptions, keys: PageKeys) {
    this.#options = options
    this.#keys = keys
  }

  draft(state: FormState, context: FormContext): DraftSubmission {
    return buildSubmission(state.answers, this.#options.formHash, context)
  }

  step(
    walked: Extract<Walked, { show: 'step' }>,
    frame: WebFrame,
    context: FormContext,
    head?: MarkupValue,
  ): string {
    const { step, state, problems } = walked
    const parts = { step, answers: state.answers, context, problems }
    return formPage(frame, stepPage(frame, { ...parts, state: sealState(state, this.#keys) }), head)
  }

  /** The receipts are made here, before anything is sent, so that sending twice is sending once. */
  check(
    state: FormState,
    draft: DraftSubmission,
    frame: WebFrame,
    context: FormContext,
    failure?: string,
  ): string {
    const prepared = prepareSubmission(draft, state.prepared, this.#options.random)
    const parts = checkPage(frame, {
      answers: state.answers,
      draft,
      context,
      notBefore: this.#options.notBefore,
      state: sealState({ ...state, step: 'check', prepared, language: frame.language }, this.#keys),
      failure,
    })
    return formPage(frame, parts)
  }

  waiting(state: FormState, { ticket, waitMs }: Waiting, frame: WebFrame): string {
    const { workScriptPath, otherChannels } = this.#options
    return waitingPage(frame, {
      ticket,
      waitMs,
      wantsReceipt: state.answers.wantsReceipt,
      state: sealState({ ...state, ticket }, this.#keys),
      scriptPath: workScriptPath,
      otherChannels: otherChannels[frame.language],
    })
  }

  receipt(state: FormState, frame: WebFrame, context: FormContext): string {
    const { prepared, handing, answers } = state
    if (prepared === null) throw new WebError('unsealed', 'a receipt page without receipts')
    const parts = receiptPage(frame, {
      receipt: receiptOf(prepared, handing),
      wordlist: wordlistOf(frame.language),
      hasArrived: true,
      number: handing + 1,
      count: prepared.receipts.length,
      owner: receiptOwner(answers, listOthers(answers, context), handing, frame.t),
      state: sealState(
        {
          ...state,
          step: 'receipt',
          // What was written is stored now; the page keeps what it needs to say whose receipt it shows.
          answers: { ...emptyAnswers, who: answers.who, others: answers.others },
          prepared: { ...prepared, keys: [] },
          ticket: null,
        },
        this.#keys,
      ),
    })
    return formPage(frame, parts)
  }
}
