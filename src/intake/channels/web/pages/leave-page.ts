import { html } from '../../../../ui/html.ts'
import { plainPage, type WebFrame } from './form-page.ts'

/** The last page: honest about what it cannot take back. */
export function leavePage(frame: WebFrame): string {
  const { t } = frame
  return plainPage(frame, {
    title: t('leaveTitle'),
    body: html`<h1>${t('leaveHeading')}</h1>
<p>${t('leaveDone')} ${t('leaveClose')}</p>
<p>${t('leaveHistory')}</p>
<p>${t('leaveNetwork')}</p>
<p class="actions"><a class="button" href="about:blank" rel="noreferrer">${t('leaveBlank')}</a></p>
`,
  })
}
