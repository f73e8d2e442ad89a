import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { lookupHash, parseReceipt, receiptSecrets } from '../../../declaration/receipt.ts'
import { ReceiptError } from '../../../declaration/receipt-error.ts'
import { fromHex } from '../../../encoding/hex.ts'
import { HttpError } from '../../../http/error-response.ts'
import { readForm } from '../../../http/read-body.ts'
import type { WebTranslate } from './catalogue.ts'
import { badFormPage, tooLargePage } from './pages/refusal-pages.ts'
import { statusAnswerPage, statusQuestionPage } from './pages/status-page.ts'
import { createFrame } from './web-frame.ts'
import type { WebChannelOptions } from './web-options.ts'
import { wordlists } from './wordlists.ts'

const RECEIPT_FORM_MAX_BYTES = 32 * 1024

type ReceiptOptions = Pick<
  WebChannelOptions,
  'receiptStatus' | 'form' | 'texts' | 'assets' | 'sample'
>

export function askReceipt(c: Context, options: ReceiptOptions): Response | Promise<Response> {
  return c.html(statusQuestionPage(createFrame(c, options), '', []))
}

/** Mistakes of typing are explained before anything is asked of the database; then every receipt is one query. */
export async function answerReceipt(c: Context, options: ReceiptOptions): Promise<Response> {
  const frame = createFrame(c, options)
  let typed = ''
  try {
    typed = (await readForm(c.req.raw, RECEIPT_FORM_MAX_BYTES)).get('receipt') ?? ''
    const { lookupId } = receiptSecrets(parseReceipt(typed, wordlists))
    const status = await options.receiptStatus(fromHex(lookupHash(lookupId, sha256)))
    return c.html(statusAnswerPage(frame, status, options.form))
  } catch (error) {
    if (error instanceof ReceiptError) {
      const problems = [{ field: 'receipt', message: explain(error, frame.t) }]
      return c.html(statusQuestionPage(frame, typed, problems), 422)
    }
    if (!(error instanceof HttpError)) throw error
    if (error.code === 'too_large') return c.html(tooLargePage(frame, RECEIPT_FORM_MAX_BYTES), 413)
    return c.html(badFormPage(frame), 400)
  }
}

function explain({ code, position = 0, nearest = [] }: ReceiptError, t: WebTranslate): string {
  switch (code) {
    case 'empty':
      return t('statusEmpty')
    case 'word_count':
      return t('statusWordCount')
    case 'unknown_word':
      return nearest.length === 0
        ? t('statusUnknownWord', { position })
        : t('statusNearest', { position, words: nearest.join(', ') })
    case 'checksum':
      return t('statusChecksum')
    case 'digits':
      return position === 0 ? t('statusDigits') : t('statusDigitsAt', { position })
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
