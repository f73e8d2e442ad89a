import type { Context } from 'hono'
import { parseReceipt, receiptLookupId } from '../../../../declaration/receipt.ts'
import { ReceiptError } from '../../../../declaration/receipt-error.ts'
import { HttpError } from '../../../../http/error-response.ts'
import { readForm } from '../../../../http/read-body.ts'
import { openWithSeed } from '../../../../sealing/seed-file.ts'
import type { FieldProblem } from '../../../../ui/form.ts'
import type { MarkupValue } from '../../../../ui/html.ts'
import { actCrypto } from '../../../act-crypto.ts'
import { IntakeError } from '../../../error.ts'
import { WebError } from '../error.ts'
import type { PageKeys } from '../page-keys.ts'
import type { WebFrame } from '../pages/form-frame.ts'
import { plainPage } from '../pages/form-page.ts'
import { badFormPage, startAgainPage, tooLargePage } from '../pages/refusal-pages.ts'
import { statusAnswerPage, statusQuestionPage } from '../pages/status-page.ts'
import { explainReceiptError } from '../receipt-problems.ts'
import { createContext, createFrame } from '../web-frame.ts'
import type { WebChannelOptions } from '../web-options.ts'
import { wordlistOf, wordlists } from '../wordlists.ts'
import type { ActContext, ActHost } from './act-context.ts'
import {
  ACT_STATE_MAX_CHARS,
  type ActState,
  openActState,
  sealActState,
  startState,
} from './act-state.ts'
import { actCatalogue } from './catalogue.ts'
import { actDocument } from './pages/act-document.ts'
import type { ActPageParts } from './pages/act-frame.ts'
import {
  ACT_BYTES,
  joinPage,
  type PageAround,
  padPage,
  STATUS_BYTES,
  splitPage,
} from './pages/body-class.ts'
import { failedPage } from './pages/result-page.ts'
import { serviceDoor } from './service-door.ts'
import { leadsToStatus, walkAct } from './walk-act.ts'

const ACT_FORM_MAX_BYTES = ACT_STATE_MAX_CHARS + 64 * 1024
/** Longer is no receipt, and would make a page longer than its class. */
const TYPED_MAX_CHARS = 400

/** The receipt's pages: one address, every step a POST to it, answered with the next page. */
export class ActRoutes {
  readonly #options: WebChannelOptions
  readonly #keys: PageKeys
  readonly #host: ActHost
  /** By path, state and reason: a few dozen. */
  readonly #pages = new Map<string, PageAround>()

  constructor(options: WebChannelOptions, keys: PageKeys) {
    this.#options = options
    this.#keys = keys
    const { acts, random, origin, actTiming, clock } = options
    this.#host = {
      door: serviceDoor(acts, random),
      crypto: actCrypto(random),
      openWithSeed,
      origin,
      actTiming,
      clock,
      wordlistOf,
      wordlists,
    }
  }

  async ask(c: Context): Promise<Response> {
    const frame = createFrame(c, this.#options)
    const head = await this.#options.receiptInPage?.head(frame)
    return this.#question(c, frame, { head })
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

  #question(
    c: Context,
    frame: WebFrame,
    {
      typed = '',
      problems = [],
      head,
    }: {
      readonly typed?: string
      readonly problems?: readonly FieldProblem[]
      readonly head?: MarkupValue
    },
  ): Response {
    const parts = statusQuestionPage(frame, typed, problems, actCatalogue(frame.language))
    return answer(c, plainPage(frame, parts, head), STATUS_BYTES)
  }

  /** Mistakes of typing are explained; every other receipt has its page. All are one query and weigh the same. */
  async #read(c: Context, frame: WebFrame, fields: URLSearchParams): Promise<Response> {
    const typed = fields.get('receipt') ?? ''
    try {
      const state = startState(parseReceipt(typed, wordlists))
      return await this.#status(c, frame, state, fields)
    } catch (error) {
      if (!(error instanceof ReceiptError)) throw error
      await this.#host.door.view(this.#options.random(32))
      const problems = [{ field: 'receipt', message: explainReceiptError(error, frame.t) }]
      return this.#question(c, frame, { typed: typed.slice(0, TYPED_MAX_CHARS), problems })
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
    const write = () => actDocument(frame, context.t, statusAnswerPage(context), sealed)
    if (entry !== null) return answer(c, write(), STATUS_BYTES)
    const key = `${frame.path} ${stands} ${code}`
    const page = this.#pages.get(key) ?? splitPage(write(), sealed)
    this.#pages.set(key, page)
    return c.body(joinPage(page, sealed, STATUS_BYTES), 200, HTML)
  }

  async #walk(
    c: Context,
    frame: WebFrame,
    state: ActState,
    fields: URLSearchParams,
  ): Promise<Response> {
    if (leadsToStatus(state, fields)) {
      return this.#status(c, frame, startState(state.receipt), fields)
    }
    const context = await this.#look(frame, state, fields)
    const write = (parts: ActPageParts) =>
      actDocument(frame, context.t, parts, sealActState(parts.state, this.#keys))
    try {
      return answer(c, write(await walkAct(context)), ACT_BYTES)
    } catch (error) {
      if (!(error instanceof IntakeError)) throw error
      return answer(c, write(failedPage(context)), ACT_BYTES, 503)
    }
  }

  async #look(frame: WebFrame, state: ActState, fields: URLSearchParams): Promise<ActContext> {
    return {
      host: this.#host,
      frame,
      form: createContext(frame, this.#options),
      t: actCatalogue(frame.language),
      state,
      view: await this.#host.door.view(receiptLookupId(state.receipt)),
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
