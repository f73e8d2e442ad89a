import type { FormDefinition } from '../../../../declaration/form-definition.ts'
import { labelIn } from '../../../../declaration/form-definition.ts'
import { type FieldProblem, headingLabel, problemSummary, textArea } from '../../../../ui/form.ts'
import { html, type MarkupValue } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { ReceiptState, ReceiptStatus } from '../../../receipt-status.ts'
import type { WebKey } from '../messages.en.ts'
import { leaveLink, type WebFrame } from './form-frame.ts'
import { plainPage } from './form-page.ts'

/** Every answer weighs the same on the wire, so that who watches it cannot tell one state from another. */
const ANSWER_BYTES = 12 * 1024

const stateKeys: Readonly<Record<ReceiptState, readonly [WebKey, WebKey]>> = {
  unknown: ['statusUnknown', 'statusUnknownMore'],
  waiting: ['statusWaiting', 'statusNothingToDo'],
  taken: ['statusTaken', 'statusNothingToDo'],
  proposed: ['statusProposed', 'statusNothingToDo'],
  returned: ['statusReturned', 'statusNothingToDo'],
  approved: ['statusApproved', 'statusApprovedMore'],
  published: ['statusPublished', 'statusPublishedMore'],
  rejected: ['statusRejected', 'statusRejectedMore'],
  'withdrawn-before': ['statusWithdrawn', 'statusWithdrawnMore'],
}

export function statusQuestionPage(
  frame: WebFrame,
  typed: string,
  problems: readonly FieldProblem[],
): string {
  const { t } = frame
  const title = t('statusTitle')
  return plainPage(frame, {
    title: problems.length === 0 ? title : t('titleError', { title }),
    body: html`${problemSummary(t('problems'), problems)}<form method="post" autocomplete="off" novalidate>
${textArea({
  name: 'receipt',
  label: headingLabel(t('statusHeading')),
  hint: t('statusHint'),
  problems,
  value: typed,
  short: true,
})}<p class="actions"><button class="button">${t('statusAsk')}</button></p>
</form>
<p>${t('statusOnly')}</p>
${leaveLink(frame)}`,
  })
}

/** Never the text of a declaration, and never what was typed: the page may stay on a screen. */
export function statusAnswerPage(
  frame: WebFrame,
  status: ReceiptStatus,
  form: FormDefinition,
): string {
  const { t, language, path } = frame
  const [state, more] = stateKeys[status.state]
  const index = status.index ?? 0
  const text = plainPage(frame, {
    title: t('statusTitle'),
    body: html`<h1>${t('statusAnswer')}</h1>
<p class="note"><strong>${status.state === 'published' ? t(state, { index }) : t(state)}</strong></p>
${reason(status, form, frame)}
<p>${t(more)} ${
      status.state === 'published' &&
      html`<a href="${relativeLink(path, `/${language}/declaration/${index}/`)}">${t('statusEntry', { index })}</a>`
    }</p>
<p><a href="${relativeLink(path, `/${language}/receipt`)}">${t('statusAnother')}</a></p>
<p>${t('statusOnly')}</p>
${leaveLink(frame)}`,
  })
  return padText(text, ANSWER_BYTES)
}

function reason(
  status: ReceiptStatus,
  form: FormDefinition,
  { t, language }: WebFrame,
): MarkupValue {
  const found = [...form.rejectionReasons, ...form.keptOutReasons].find(
    ({ id }) => id === status.code,
  )
  if (status.state !== 'rejected' || found === undefined) return null
  return html`<p>${t('statusReason')}: ${labelIn(found.label, language)}</p>`
}

// Line breaks after the document change nothing for a reader. Compressing on the way would undo this.
function padText(text: string, bytes: number): string {
  const missing = bytes - Buffer.byteLength(text)
  if (missing < 0) throw new RangeError('the answer is longer than its class')
  return text + '\n'.repeat(missing)
}
