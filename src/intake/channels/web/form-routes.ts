import type { Context } from 'hono'
import { HttpError } from '../../../http/error-response.ts'
import { readForm } from '../../../http/read-body.ts'
import type { Returned } from '../../abuse/admission.ts'
import type { OnEnvelope } from '../../channel.ts'
import { IntakeError } from '../../error.ts'
import { WebError } from './error.ts'
import type { FormContext } from './form-context.ts'
import { FormPages } from './form-pages.ts'
import { type FormState, openState, startState } from './form-state.ts'
import type { PageKeys } from './page-keys.ts'
import type { WebFrame } from './pages/form-frame.ts'
import { plainPage } from './pages/form-page.ts'
import { leavePage } from './pages/leave-page.ts'
import { noReceiptPage } from './pages/receipt-page.ts'
import { badFormPage, startAgainPage, tooLargePage } from './pages/refusal-pages.ts'
import { sealableEnvelope } from './prepared-submission.ts'
import { firstStep } from './steps.ts'
import { walkForm } from './walk-form.ts'
import { createContext, createFrame } from './web-frame.ts'
import type { WebChannelOptions } from './web-options.ts'

/** A text of 20,000 Han characters is 180 KiB when a browser encodes it, beside 80 KiB of sealed answers. */
const FORM_MAX_BYTES = 512 * 1024

/** The form: every step is a POST to one address, answered with the next page. */
export class FormRoutes {
  readonly #options: WebChannelOptions
  readonly #keys: PageKeys
  readonly #pages: FormPages
  readonly #onEnvelope: OnEnvelope

  constructor(options: WebChannelOptions, keys: PageKeys, onEnvelope: OnEnvelope) {
    this.#options = options
    this.#keys = keys
    this.#pages = new FormPages(options, keys)
    this.#onEnvelope = onEnvelope
  }

  async start(c: Context): Promise<Response> {
    const frame = createFrame(c, this.#options)
    const context = createContext(frame, this.#options)
    const step = firstStep()
    const first = { show: 'step', step, state: startState, problems: [] } as const
    // Only an untouched form can be taken over: answers that came here are sealed for this server alone.
    const head = await this.#options.inPage?.head(frame, frame.arrival)
    return c.html(this.#pages.step(first, frame, context, head))
  }

  async step(c: Context): Promise<Response> {
    const frame = createFrame(c, this.#options)
    const context = createContext(frame, this.#options)
    let fields = new URLSearchParams()
    try {
      fields = await readForm(c.req.raw, FORM_MAX_BYTES)
      const state = openState(fields.get('state') ?? '', this.#keys)
      return await this.#walk(c, state, fields, frame, context)
    } catch (error) {
      return refuse(c, frame, error, fields)
    }
  }

  leave(c: Context): Response | Promise<Response> {
    // Where the browser obeys, what it kept of our pages goes now.
    c.header('clear-site-data', '"cache", "storage"')
    const frame = createFrame(c, this.#options)
    return c.html(plainPage(frame, leavePage(frame)))
  }

  #walk(
    c: Context,
    before: FormState,
    fields: URLSearchParams,
    frame: WebFrame,
    context: FormContext,
  ): Response | Promise<Response> {
    const walked = walkForm(before, fields, context)
    switch (walked.show) {
      case 'step': {
        const status = walked.problems.length === 0 ? 200 : 422
        return c.html(this.#pages.step(walked, frame, context), status)
      }
      case 'check': {
        const draft = this.#pages.draft(walked.state, context)
        return c.html(this.#pages.check(walked.state, draft, frame, context))
      }
      case 'send':
        return this.#send(c, walked.state, fields, frame, context)
      case 'receipt':
        return c.html(this.#pages.receipt(walked.state, frame, context))
      case 'leave':
        return this.leave(c)
    }
  }

  /** Stores, then shows the receipt. A second press stores nothing new and shows the same receipt. */
  async #send(
    c: Context,
    state: FormState,
    fields: URLSearchParams,
    frame: WebFrame,
    context: FormContext,
  ): Promise<Response> {
    const { answers, prepared, ticket } = state
    const draft = this.#pages.draft(state, context)
    // Another language makes other content, which has to be shown before it is sent.
    if (prepared === null || state.language !== frame.language) {
      return c.html(this.#pages.check(state, draft, frame, context))
    }
    const { admission } = this.#options
    const returned = ticket && { ticket, work: solvedWork(fields) }
    const verdict = admission.ask(frame.arrival, prepared.id, returned)
    if (verdict.outcome === 'wait') {
      c.header('retry-after', String(Math.ceil(verdict.waitMs / 1000)))
      return c.html(this.#pages.waiting(state, verdict, frame), 503)
    }
    const { plaintext, ...clear } = await sealableEnvelope(draft, prepared, answers.wantsReceipt)
    const { centre, line } = this.#options
    const meta = { ...clear, centre, line, channel: context.channel, language: frame.language }
    let page = ''
    try {
      await this.#onEnvelope(plaintext, meta, () => {
        page = answers.wantsReceipt
          ? this.#pages.receipt({ ...state, handing: 0 }, frame, context)
          : plainPage(frame, noReceiptPage(frame, true))
      })
    } catch (error) {
      if (!(error instanceof IntakeError)) throw error
      const failure = this.#explain(error, frame)
      return c.html(this.#pages.check(state, draft, frame, context, failure), 503)
    }
    return c.html(page)
  }

  #explain({ code }: IntakeError, { t, language }: WebFrame): string {
    if (code !== 'disk_reserve') return t('sendFailed')
    return [t('sendFull'), this.#options.otherChannels[language]].filter(Boolean).join(' ')
  }
}

/** The puzzle is bound to the very page that asked for it. */
function solvedWork(fields: URLSearchParams): Returned['work'] {
  const solution = fields.get('work')
  return solution === null ? null : { subject: fields.get('state') ?? '', solution }
}

function refuse(
  c: Context,
  frame: WebFrame,
  error: unknown,
  fields: URLSearchParams,
): Response | Promise<Response> {
  if (error instanceof WebError) return c.html(startAgainPage(frame, typedTexts(fields)), 409)
  if (!(error instanceof HttpError)) throw error
  if (error.code === 'too_large') return c.html(tooLargePage(frame, FORM_MAX_BYTES), 413)
  return c.html(badFormPage(frame), 400)
}

/** What a person may have put work into: the longer fields, to be copied before starting again. */
function typedTexts(fields: URLSearchParams): readonly string[] {
  return ['text', 'paste', 'name', 'position'].flatMap((name) => fields.get(name) || [])
}
