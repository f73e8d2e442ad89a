import type { Context } from 'hono'
import { findSignedActs } from '../../../../declaration/act-armour.ts'
import { DeclarationError } from '../../../../declaration/error.ts'
import { SIGNED_ACT_MAX_BYTES } from '../../../../declaration/signed-act.ts'
import { HttpError } from '../../../../http/error-response.ts'
import { readBody } from '../../../../http/read-body.ts'
import { IntakeError } from '../../../error.ts'
import { receiveSignedAct } from '../../../receive-act.ts'
import { badFormPage, tooLargePage } from '../pages/refusal-pages.ts'
import { createFrame } from '../web-frame.ts'
import type { WebChannelOptions } from '../web-options.ts'
import { actCatalogue } from './catalogue.ts'
import { messagePage, messageTakenPage } from './pages/message-page.ts'

/** The longest act, in base64 and once more in percent signs, with a letter around it. */
const MESSAGE_MAX_BYTES = 4 * SIGNED_ACT_MAX_BYTES

export function askMessage(c: Context, options: WebChannelOptions): Response | Promise<Response> {
  return c.html(messagePage(createFrame(c, options), []))
}

/** Says how many messages there were, never whether their receipts are known. */
export async function takeMessage(c: Context, options: WebChannelOptions): Promise<Response> {
  const frame = createFrame(c, options)
  const t = actCatalogue(frame.language)
  try {
    let taken = 0
    for (const act of findSignedActs(await messageText(c.req.raw))) {
      taken += await receive(act, options)
    }
    if (taken > 0) return await c.html(messageTakenPage(frame, taken))
    return await c.html(messagePage(frame, [{ field: 'message', message: t('sendNone') }]), 422)
  } catch (error) {
    if (error instanceof IntakeError) {
      return c.html(messagePage(frame, [{ field: 'message', message: t('failedMore') }]), 503)
    }
    if (!(error instanceof HttpError)) throw error
    if (error.code === 'too_large') return c.html(tooLargePage(frame, MESSAGE_MAX_BYTES), 413)
    return c.html(badFormPage(frame), 400)
  }
}

/** What does not read is no message; anything else is the publisher's to judge. */
async function receive(act: Uint8Array, { acts }: WebChannelOptions): Promise<0 | 1> {
  try {
    await receiveSignedAct(act, acts)
    return 1
  } catch (error) {
    if (error instanceof DeclarationError) return 0
    throw error
  }
}

/** A form, a form with a file, or the bare text: a block is found wherever it stands, so only percent signs are undone. */
async function messageText(request: Request): Promise<string> {
  const body = new TextDecoder().decode(await readBody(request, MESSAGE_MAX_BYTES))
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return body
  return new URLSearchParams(body).get('message') ?? ''
}
