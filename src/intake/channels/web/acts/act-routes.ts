import type { Context } from 'hono'
import { parseReceipt } from '../../../../declaration/receipt.ts'
import { ReceiptError } from '../../../../declaration/receipt-error.ts'
import { HttpError } from '../../../../http/error-response.ts'
import { readForm } from '../../../../http/read-body.ts'
import { IntakeError } from '../../../error.ts'
import { WebError } from '../error.ts'
import type { PageKeys } from '../page-keys.ts'
import type { WebFrame } from '../pages/form-frame.ts'
import { badFormPage, startAgainPage, tooLargePage } from '../pages/refusal-pages.ts'
import { statusAnswerPage, statusQuestionPage } from '../pages/status-page.ts'
import { explainReceiptError } from '../receipt-problems.ts'
import { createContext, createFrame } from '../web-frame.ts'
import type { WebChannelOptions } from '../web-options.ts'
import { wordlists } from '../wordlists.ts'
import type { ActContext } from './act-context.ts'
import { isActKind } from './act-kinds.ts'
import {
  ACT_STATE_MAX_CHARS,
  type ActState,
  openActState,
  sealActState,
  startState,
} from './act-state.ts'
import { carryOut, hashOf } from './carry-out.ts'
import { actCatalogue } from './catalogue.ts'
import {
  ACT_BYTES,
  joinPage,
  type PageAround,
  padPage,
  STATUS_BYTES,
  splitPage,
} from './pages/body-class.ts'
import { drawPositions, newReceiptPage, retypePage } from './pages/new-receipt-page.ts'
import { resultPage } from './pages/result-page.ts'
import { nextOrganisations, showAct } from './show-act.ts'

const ACT_FORM_MAX_BYTES = ACT_STATE_MAX_CHARS + 64 * 1024
/** Longer is no receipt, and would make a page longer than its class. */
const TYPED_MAX_CHARS = 400

/** The receipt's pages: one address, every step a POST to it, answered with the next page. */
export class ActRoutes {
  readonly #options: WebChannelOptions
  readonly #keys: PageKeys
  /** By path, state and reason: a few dozen. */
  readonly #pages = new Map<string, PageAround>()

  constructor(options: WebChannelOptions, keys: PageKeys) {
    this.#options = options
    this.#keys = keys
  }

  ask(c: Context): Response {
    return answer(c, statusQuestionPage(createFrame(c, this.#options), '', []), STATUS_BYTES)
  }

  async answer(c: Context): Promise<Response> {
    const frame = createFrame(c, this.#options)
    try {
      const fields = await readForm(c.req.raw, ACT_FORM_MAX_BYTES)
      const sealed = fields.get('state') ?? ''
      if (sealed === '') return await this.#read(c, frame, fields)
      return await this.#walk(c, frame, openActState(sealed, this.#keys), fields)
    } catch (error) {
      return refuse(c, frame, error)
    }
  }

  /** Mistakes of typing are explained; every other receipt has its page. All are one query and weigh the same. */
  async #read(c: Context, frame: WebFrame, fields: URLSearchParams): Promise<Response> {
    const typed = fields.get('receipt') ?? ''
    try {
      const state = startState(parseReceipt(typed, wordlists))
      return await this.#status(c, frame, state, fields)
    } catch (error) {
      if (!(error instanceof ReceiptError)) throw error
      await this.#options.acts.receiptView(this.#options.random(32))
      const problems = [{ field: 'receipt', message: explainReceiptError(error, frame.t) }]
      const shown = typed.slice(0, TYPED_MAX_CHARS)
      return answer(c, statusQuestionPage(frame, shown, problems), STATUS_BYTES)
    }
  }

  /** Before publication a page says the same for every receipt in its state, and most people ask then. */
  async #status(
    c: Context,
    frame: WebFrame,
    state: ActState,
    fields: URLSearchParams,
  ): Promise<Response> {
    const context = await this.#look(frame, state, fields)
    const sealed = sealActState(state, this.#keys)
    const { state: stands, code, entry } = context.view
    if (entry !== null) return answer(c, statusAnswerPage(context, sealed), STATUS_BYTES)
    const key = `${frame.path} ${stands} ${code}`
    const page = this.#pages.get(key) ?? splitPage(statusAnswerPage(context, sealed), sealed)
    this.#pages.set(key, page)
    return c.body(joinPage(page, sealed, STATUS_BYTES), 200, HTML)
  }

  async #walk(
    c: Context,
    frame: WebFrame,
    state: ActState,
    fields: URLSearchParams,
  ): Promise<Response> {
    const act = fields.get('act')
    const go = fields.get('go') ?? 'show'
    const { page } = state
    if (!isActKind(act) && (go === 'status' || page === 'status')) {
      const back = startState(state.receipt)
      return this.#status(c, frame, back, fields)
    }
    const context = await this.#look(frame, state, fields)
    try {
      return answer(c, await this.#page(context, act, go), ACT_BYTES)
    } catch (error) {
      if (!(error instanceof IntakeError)) throw error
      const failed = resultPage(context, { heading: 'failedHeading', sentences: ['failedMore'] })
      return answer(c, failed, ACT_BYTES, 503)
    }
  }

  async #page(context: ActContext, act: string | null, go: string): Promise<string> {
    const { state, view } = context
    const { page, heir } = state
    if (isActKind(act)) return showAct(context, act)
    if (page === 'status') throw new WebError('unsealed', 'no act')
    if (go === 'do') return carryOut(context, page)
    if (view.entry === null) return showAct(context, page)
    if (page === 'organisations' && go === 'next') return nextOrganisations(context)
    if (page === 'rekey' && heir !== null) return this.#rekey(context, go)
    return showAct(context, page)
  }

  /** The new receipt is made once: going back and forth shows the same words. */
  #rekey(context: ActContext, go: string): string {
    const { state } = context
    if (go === 'words') return newReceiptPage({ ...context, state: { ...state, retype: [] } })
    if (state.retype.length > 0) return retypePage(context)
    if (go !== 'next') return newReceiptPage(context)
    const retype = drawPositions(this.#options.random)
    return retypePage({ ...context, state: { ...state, retype } })
  }

  async #look(frame: WebFrame, state: ActState, fields: URLSearchParams): Promise<ActContext> {
    const { acts } = this.#options
    const view = await acts.receiptView(hashOf({ door: acts }, state.receipt))
    return {
      door: acts,
      keys: this.#keys,
      options: this.#options,
      frame,
      form: createContext(frame, this.#options),
      t: actCatalogue(frame.language),
      state,
      view,
      fields,
    }
  }
}

const HTML = { 'content-type': 'text/html; charset=UTF-8' }

function answer(c: Context, page: string, smallest: number, status: 200 | 503 = 200): Response {
  return c.body(padPage(page, smallest), status, HTML)
}

function refuse(c: Context, frame: WebFrame, error: unknown): Response | Promise<Response> {
  if (error instanceof WebError) return c.html(startAgainPage(frame, []), 409)
  if (!(error instanceof HttpError)) throw error
  if (error.code === 'too_large') return c.html(tooLargePage(frame, ACT_FORM_MAX_BYTES), 413)
  return c.html(badFormPage(frame), 400)
}
