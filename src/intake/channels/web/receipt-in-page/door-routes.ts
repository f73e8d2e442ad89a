import type { Context } from 'hono'
import { DeclarationError } from '../../../../declaration/error.ts'
import { fromBase64 } from '../../../../encoding/base64.ts'
import { EncodingError, fromHex } from '../../../../encoding/hex.ts'
import { HttpError } from '../../../../http/error-response.ts'
import { readBody } from '../../../../http/read-body.ts'
import { requireAgeHeader } from '../../../../sealing/age-header.ts'
import { SealingError } from '../../../../sealing/error.ts'
import type { ActDoor } from '../../../act-door.ts'
import { IntakeError } from '../../../error.ts'
import { ACT_BYTES, padPage } from '../acts/pages/body-class.ts'
import { hashOf } from '../acts/service-door.ts'
import { writeDone, writeView } from './door-answer.ts'
import { type DoorQuestion, parseQuestion, QUESTION_MAX_BYTES } from './door-question.ts'

/** Of an answer that is a word. */
const DONE_BYTES = 64

/**
 * What a receipt's page asks where it runs scripts: one query each, and an answer of one length, whatever the receipt. The
 * receipt itself never comes here.
 */
export async function answerAtDoor(c: Context, acts: ActDoor): Promise<Response> {
  try {
    const body = await readBody(c.req.raw, QUESTION_MAX_BYTES)
    const question = parseQuestion(new TextDecoder().decode(body))
    const [answer, bytes] = await ask(question, acts)
    return c.body(padPage(answer, bytes), 200, { 'content-type': 'application/json' })
  } catch (error) {
    if (error instanceof IntakeError) return c.json({ code: 'not_stored' }, 503)
    if (error instanceof HttpError && error.code === 'too_large') {
      return c.json({ code: 'too_large' }, 413)
    }
    if (isBad(error)) return c.json({ code: 'bad_request' }, 400)
    throw error
  }
}

async function ask(question: DoorQuestion, acts: ActDoor): Promise<readonly [string, number]> {
  const lookupHash = hashOf(acts, fromHex(question.lookup))
  switch (question.kind) {
    case 'view':
      return [writeView(await acts.receiptView(lookupHash)), ACT_BYTES]
    case 'withdraw':
      return [writeDone(await acts.withdrawUnpublished(lookupHash)), DONE_BYTES]
    case 'forget':
      return [writeDone(await acts.forgetReceipt(lookupHash)), DONE_BYTES]
    case 'act': {
      const { urgency } = question
      const act = { lookupHash, id: fromHex(question.id), sealed: ageFile(question), urgency }
      return [writeDone(await acts.submitAct(act)), DONE_BYTES]
    }
  }
}

/** Only the publisher can tell what is inside; what is no age file at all, or what is nobody's act, is not kept. */
function ageFile({ sealed }: { readonly sealed: string }): Uint8Array {
  const file = fromBase64(sealed)
  requireAgeHeader(file, 1, 0)
  return file
}

function isBad(error: unknown): boolean {
  return (
    error instanceof DeclarationError ||
    error instanceof EncodingError ||
    error instanceof SealingError ||
    error instanceof HttpError
  )
}
