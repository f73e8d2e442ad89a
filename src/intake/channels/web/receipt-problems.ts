import type { ReceiptError } from '../../../declaration/receipt-error.ts'
import type { WebTranslate } from './catalogue.ts'

/** A mistake of typing in words that help to mend it. */
export function explainReceiptError(
  { code, position = 0, nearest = [] }: ReceiptError,
  t: WebTranslate,
): string {
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
