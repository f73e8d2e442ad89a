import type { FormDefinition } from '../../../../declaration/form-definition.ts'
import { labelIn } from '../../../../declaration/form-definition.ts'
import { type FieldProblem, headingLabel, problemSummary, textArea } from '../../../../ui/form.ts'
import { html, type MarkupValue } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { ReceiptState, ReceiptView } from '../../../receipt-state.ts'
import type { ActContext } from '../acts/act-context.ts'
import type { ActTranslate } from '../acts/catalogue.ts'
import type { ActPageParts } from '../acts/pages/act-frame.ts'
import { offerList } from '../acts/pages/offer-list.ts'
import type { WebKey } from '../messages.en.ts'
import { leaveLink, notForSessionFiles, type PlainPageParts, type WebFrame } from './form-frame.ts'

const stateKeys: Readonly<Record<ReceiptState, readonly [WebKey, WebKey]>> = {
  unknown: ['statusUnknown', 'statusUnknownMore'],
  waiting: ['statusWaiting', 'statusNothingToDo'],
  taken: ['statusTaken', 'statusNothingToDo'],
  proposed: ['statusProposed', 'statusNothingToDo'],
  returned: ['statusReturned', 'statusNothingToDo'],
  approved: ['statusApproved', 'statusApprovedMore'],
  published: ['statusPublished', 'statusPublishedMore'],
  withdrawn: ['statusWithdrawnLater', 'statusPublishedMore'],
  rejected: ['statusRejected', 'statusRejectedMore'],
  'withdrawn-before': ['statusWithdrawn', 'statusWithdrawnMore'],
  forgotten: ['statusForgotten', 'statusForgottenMore'],
}

export function statusQuestionPage(
  frame: WebFrame,
  typed: string,
  problems: readonly FieldProblem[],
  act: ActTranslate,
): PlainPageParts {
  const { t } = frame
  const title = t('statusTitle')
  return {
    title: problems.length === 0 ? title : t('titleError', { title }),
    body: html`${problemSummary(t('problems'), problems)}<form method="post" autocomplete="off" novalidate>
${notForSessionFiles}${textArea({
  name: 'receipt',
  label: headingLabel(t('statusHeading')),
  hint: t('statusHint'),
  problems,
  value: typed,
  short: true,
})}<p class="actions"><button class="button">${t('statusAsk')}</button></p>
</form>
<p>${t('statusOnly')}</p>
<p><a href="${relativeLink(frame.path, `/${frame.language}/receipt/message`)}">${act('sendLink')}</a></p>
${leaveLink(frame)}`,
  }
}

/** Never the text of a declaration, and never what was typed: the page may stay on a screen. */
export function statusAnswerPage(context: ActContext): ActPageParts {
  const { frame, view, state: before, form } = context
  const { t, language, path } = frame
  const [state, more] = stateKeys[view.state]
  const index = view.entry?.index ?? 0
  return {
    title: t('statusTitle'),
    state: before,
    enter: 'status',
    back: 'none',
    body: html`<h1>${t('statusAnswer')}</h1>
<p class="note"><strong>${view.entry === null ? t(state) : t(state, { index })}</strong></p>
${reason(view, form.form, frame)}
<p>${t(more)} ${
      view.entry !== null &&
      html`<a href="${relativeLink(path, `/${language}/declaration/${index}/`)}">${t('statusEntry', { index })}</a>`
    }</p>
${offerList(view, context.t)}<p><a href="${relativeLink(path, `/${language}/receipt`)}">${t('statusAnother')}</a></p>
<p>${t('statusOnly')}</p>
`,
  }
}

function reason(view: ReceiptView, form: FormDefinition, { t, language }: WebFrame): MarkupValue {
  const found = [...form.rejectionReasons, ...form.keptOutReasons].find(
    ({ id }) => id === view.code,
  )
  if (view.state !== 'rejected' || found === undefined) return null
  return html`<p>${t('statusReason')}: ${labelIn(found.label, language)}</p>`
}
