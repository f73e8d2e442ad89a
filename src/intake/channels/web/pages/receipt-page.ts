import { receiptToDigits, receiptToWords } from '../../../../declaration/receipt.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { FormPageParts, PlainPageParts, WebFrame } from './form-frame.ts'

export interface ReceiptPageParts {
  readonly receipt: Uint8Array
  /** Of the page's language. */
  readonly wordlist: readonly string[]
  /** Counted from one. */
  readonly number: number
  readonly count: number
  /** Whose it is, in words or by name. */
  readonly owner: string
  readonly state: string
  /** Whether the service has it; otherwise it is sealed and still has to be carried there. */
  readonly hasArrived: boolean
}

/** One person's receipt and nobody else's: the device goes from hand to hand. */
export function receiptPage(frame: WebFrame, parts: ReceiptPageParts): FormPageParts {
  const { t, path, language } = frame
  const { number, count, owner, state, hasArrived } = parts
  const isLast = number === count
  return {
    title: t('receiptTitle'),
    state,
    back: 'none',
    enter: isLast ? 'leave' : 'next-receipt',
    body: html`<h1>${number === 1 ? t(hasArrived ? 'receiptHeading' : 'offlineDone') : t('receiptHeadingGive', { name: owner })}</h1>
${number === 1 && html`<p id="stored">${t(hasArrived ? 'receiptStored' : 'offlineCarry')}</p>`}
${count > 1 && html`<p><strong>${t('receiptOf', { number, count })}</strong> ${number > 1 && t('receiptGive')}</p>`}
<h2>${count > 1 ? t('receiptWordsOf', { name: owner }) : t('receiptWords')}</h2>
${receiptList(parts.receipt, parts.wordlist)}
<p class="warning">${t('receiptSecret')}</p>
<p>${t('receiptKeep')}</p>
<p>${t('receiptLater')} <a href="${relativeLink(path, `/${language}/receipt`)}">${t('receiptLaterLink')}</a></p>
<p class="actions"><button class="button" name="go" value="${isLast ? 'leave' : 'next-receipt'}">${t(isLast ? 'receiptDone' : 'receiptNext')}</button></p>
`,
  }
}

/** The answer to someone who wanted no receipt. */
export function noReceiptPage(frame: WebFrame, hasArrived: boolean): PlainPageParts {
  const { t, path, language } = frame
  return {
    title: t('receiptTitle'),
    body: html`<h1>${t(hasArrived ? 'receiptHeading' : 'offlineDone')}</h1>
<p id="stored">${t(hasArrived ? 'receiptStored' : 'offlineCarry')} ${t('receiptDeclined')}</p>
<p class="actions"><a class="button" href="${relativeLink(path, `/${language}/declare/leave`)}">${t('leaveLink')}</a></p>
`,
  }
}

export function receiptList(receipt: Uint8Array, wordlist: readonly string[]): Markup {
  const words = receiptToWords(receipt, wordlist)
  const digits = receiptToDigits(receipt)
  return html`<ol class="receipt">${words.map(
    (word, i) => html`<li><b>${i + 1}</b>${word} <span class="mono">${digits[i] ?? ''}</span></li>`,
  )}</ol>`
}
