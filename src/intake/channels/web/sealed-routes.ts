import type { Context } from 'hono'
import { fromUtf8, utf8 } from '../../../encoding/bytes.ts'
import { toHex } from '../../../encoding/hex.ts'
import { HttpError } from '../../../http/error-response.ts'
import { readBody } from '../../../http/read-body.ts'
import { SEALED_MESSAGE_MAX_BYTES } from '../../../sealing/sealed-submission.ts'
import type { FieldProblem } from '../../../ui/form.ts'
import type { Returned, Ticket } from '../../abuse/admission.ts'
import { arrivalPathOf } from '../../abuse/arrival-path.ts'
import { IntakeError } from '../../error.ts'
import {
  type CiphertextMeta,
  type CiphertextOutcome,
  findCiphertexts,
} from '../../receive-ciphertext.ts'
import type { WebTranslate } from './catalogue.ts'
import { WebError } from './error.ts'
import type { PageKeys } from './page-keys.ts'
import type { WebFrame } from './pages/form-frame.ts'
import { plainPage } from './pages/form-page.ts'
import { sealedAskPage, sealedTakenPage } from './pages/sealed-page.ts'
import { createFrame } from './web-frame.ts'
import type { WebChannelOptions } from './web-options.ts'

/** A sealed message at its largest, with what a form wraps around it. */
const BODY_MAX_BYTES = SEALED_MESSAGE_MAX_BYTES + 64 * 1024
/** A ticket as it was given, and the solution of the puzzle it set, where somebody solved it. */
const TICKET_LINE = /\nticket ([\w-]{1,4000})(?: ([A-Za-z0-9+/]{86}==))?\n$/

type Handed =
  | CiphertextOutcome
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'wait'; readonly ticket: Ticket; readonly waitMs: number }

/** Two doors to the same act: for pages that post by script, from any site, and for people who paste or upload. */
export class SealedRoutes {
  readonly #options: WebChannelOptions
  readonly #keys: PageKeys

  constructor(options: WebChannelOptions, keys: PageKeys) {
    this.#options = options
    this.#keys = keys
  }

  /** For scripts. The only address that other sites' pages may read; there is no cookie they could ride on. */
  async take(c: Context): Promise<Response> {
    c.header('access-control-allow-origin', '*')
    c.header('cross-origin-resource-policy', 'cross-origin')
    try {
      const body = textOf(await readBody(c.req.raw, BODY_MAX_BYTES))
      const returned = this.#returnedIn(body)
      const handed = await this.#hand(c, body.replace(TICKET_LINE, '\n'), 'en', returned)
      switch (handed.outcome) {
        case 'taken':
          return c.json({ taken: toHex(handed.ids[0] ?? new Uint8Array()) })
        case 'refused':
          return c.json({ code: handed.code }, handed.code === 'too_large' ? 413 : 422)
        case 'failed':
          return c.json({ code: 'not_stored' }, 503)
        case 'wait':
          c.header('retry-after', String(Math.ceil(handed.waitMs / 1000)))
          return c.json(this.#waitAnswer(handed), 503)
      }
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      return c.json({ code: error.code }, error.code === 'too_large' ? 413 : 400)
    }
  }

  ask(c: Context): Response | Promise<Response> {
    const frame = createFrame(c, this.#options)
    return c.html(this.#askPage(frame, []))
  }

  /** For people, without scripts: text, file or the texts of codes. */
  async handIn(c: Context): Promise<Response> {
    const frame = createFrame(c, this.#options)
    const { t, language } = frame
    try {
      const input = await readHandedIn(c.req.raw)
      if (input === undefined) {
        const problems = [{ field: 'message', message: t('sealedMissing') }]
        return c.html(this.#askPage(frame, problems), 422)
      }
      const handed = await this.#hand(c, input, language, null)
      if (handed.outcome === 'taken')
        return c.html(plainPage(frame, sealedTakenPage(frame, handed)))
      const status = handed.outcome === 'refused' ? 422 : 503
      const problems = [{ field: 'message', message: explain(handed, t) }]
      return c.html(this.#askPage(frame, problems), status)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const tooLarge = error.code === 'too_large'
      const problems = [
        { field: 'message', message: t(tooLarge ? 'sealedLarge' : 'sealedMissing') },
      ]
      return c.html(this.#askPage(frame, problems), tooLarge ? 413 : 400)
    }
  }

  #askPage(frame: WebFrame, problems: readonly FieldProblem[]): string {
    const offline = this.#options.offlineForm?.(frame.language)
    return plainPage(frame, sealedAskPage(frame, problems, offline))
  }

  async #hand(
    c: Context,
    input: Uint8Array | string,
    language: string,
    returned: Returned | null,
  ): Promise<Handed> {
    const { centre, line, admission, receiveSealed } = this.#options
    const arrival = arrivalPathOf(c.env)
    const channel = arrival === 'onion' ? 'onion' : 'web'
    const meta: CiphertextMeta = { centre, line, channel, language }
    const found = findCiphertexts(input, meta)
    if (!Array.isArray(found)) return { outcome: 'refused', code: found }
    const id = toHex(found[0]?.id ?? new Uint8Array())
    const verdict = admission.ask(arrival, id, returned)
    if (verdict.outcome === 'wait') return verdict
    try {
      return await receiveSealed(input, meta)
    } catch (error) {
      if (!(error instanceof IntakeError)) throw error
      return { outcome: 'failed' }
    }
  }

  #waitAnswer({ waitMs, ticket }: { readonly waitMs: number; readonly ticket: Ticket }) {
    const sealed = this.#keys.seal(utf8(JSON.stringify(ticket)))
    return { waitMs, ticket: sealed, workBits: ticket.workBits }
  }

  /** A ticket whose key is gone is no ticket: its bearer waits again. The puzzle is bound to the ticket as it was given. */
  #returnedIn(body: string): Returned | null {
    const [, sealed, solution] = TICKET_LINE.exec(body.slice(-4300)) ?? []
    if (sealed === undefined) return null
    try {
      const ticket: Ticket = JSON.parse(fromUtf8(this.#keys.open(sealed)))
      return { ticket, work: solution === undefined ? null : { subject: sealed, solution } }
    } catch (error) {
      if (error instanceof WebError || error instanceof SyntaxError) return null
      throw error
    }
  }
}

function explain(handed: Exclude<Handed, { outcome: 'taken' }>, t: WebTranslate): string {
  if (handed.outcome === 'failed') return t('sealedFailed')
  if (handed.outcome === 'wait') {
    return t('sealedBusy', { seconds: Math.ceil(handed.waitMs / 1000) })
  }
  switch (handed.code) {
    case 'not_sealed':
      return t('sealedNot')
    case 'too_large':
      return t('sealedLarge')
    case 'codes_missing':
      return t('sealedCodesMissing')
  }
}

/** The file where one was chosen, else the text; undefined for neither. */
async function readHandedIn(request: Request): Promise<Uint8Array | string | undefined> {
  const type = request.headers.get('content-type') ?? ''
  const body = await readBody(request, BODY_MAX_BYTES)
  const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new HttpError('bad_form', 'not a form with a file', { cause })
    })
  const file = form.get('file')
  if (file instanceof File && file.size > 0) return new Uint8Array(await file.arrayBuffer())
  const text = form.get('message')
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

function textOf(body: Uint8Array): string {
  try {
    return fromUtf8(body)
  } catch (cause) {
    throw new HttpError('bad_form', 'not UTF-8', { cause })
  }
}
