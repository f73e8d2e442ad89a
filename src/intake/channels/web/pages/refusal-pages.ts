import { html, type MarkupValue } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { WebFrame } from './form-frame.ts'
import { plainPage } from './form-page.ts'

/** The page's key is gone. What the last page held in clear is given back to be copied. */
export function startAgainPage(frame: WebFrame, typed: readonly string[]): string {
  const { t } = frame
  return plainPage(frame, {
    title: t('titleError', { title: t('againTitle') }),
    body: html`<h1>${t('againHeading')}</h1>
<p>${t('againWhy')}</p>
<p>${t('againStored')} ${t('againSent')}</p>
${typed.length > 0 && html`<p>${t('againKept')}</p>`}
${typed.map(
  (text, i) => html`<div class="field"><label for="typed-${i}">${t('againField')}</label>
<textarea id="typed-${i}" class="short" readonly spellcheck="false" dir="auto">
${text}</textarea></div>
`,
)}${startLink(frame)}`,
  })
}

export function tooLargePage(frame: WebFrame, maxBytes: number): string {
  const { t } = frame
  return plainPage(frame, {
    title: t('titleError', { title: t('problemTitle') }),
    body: html`<h1>${t('problemTooLarge')}</h1>
<p>${t('problemTooLargeHelp', { size: `${Math.floor(maxBytes / 1024)} KB` })}</p>
`,
  })
}

export function badFormPage(frame: WebFrame): string {
  const { t } = frame
  return plainPage(frame, {
    title: t('titleError', { title: t('problemTitle') }),
    body: html`<h1>${t('problemForm')}</h1>
<p>${t('problemFormHelp')}</p>
${startLink(frame)}`,
  })
}

function startLink({ t, path, language }: WebFrame): MarkupValue {
  return html`<p class="actions"><a class="button" href="${relativeLink(path, `/${language}/declare`)}">${t('againStart')}</a></p>
`
}
