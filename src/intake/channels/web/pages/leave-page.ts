import { html } from '../../../../ui/html.ts'
import type { PlainPageParts, WebFrame } from './form-frame.ts'

/** The last page: honest about what it cannot take back. */
export function leavePage({ t }: WebFrame): PlainPageParts {
  return {
    title: t('leaveTitle'),
    body: html`<h1>${t('leaveHeading')}</h1>
<p>${t('leaveDone')} ${t('leaveClose')}</p>
<p>${t('leaveHistory')}</p>
<p>${t('leaveNetwork')}</p>
<p class="actions"><a class="button" href="about:blank" rel="noreferrer">${t('leaveBlank')}</a></p>
`,
  }
}
