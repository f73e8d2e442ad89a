import type { SubmittedPerson } from '../../../../declaration/submission.ts'
import { problemSummary, radios } from '../../../../ui/form.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import type { Answers } from '../answers.ts'
import type { DraftSubmission } from '../build-submission.ts'
import type { FormContext } from '../form-context.ts'
import type { NotBefore } from '../web-options.ts'
import { answerFacts } from './answer-facts.ts'
import type { FormPageParts, WebFrame } from './form-frame.ts'
import { previewOf } from './preview.ts'

export interface CheckPageParts {
  readonly answers: Answers
  readonly draft: DraftSubmission
  readonly context: FormContext
  readonly notBefore: NotBefore
  readonly state: string
  /** Said when sending failed; the page then still holds everything. */
  readonly failure: string | undefined
}

/** What will be public, what can never be erased, what stays sealed; then the receipt and the button. */
export function checkPage(frame: WebFrame, parts: CheckPageParts): FormPageParts {
  const { answers, draft, context, notBefore, state, failure } = parts
  const { t } = frame
  const problems = failure === undefined ? [] : [{ field: 'send', message: failure }]
  return {
    title: problems.length === 0 ? t('checkTitle') : t('titleError', { title: t('checkTitle') }),
    state,
    back: 'step',
    enter: 'send',
    body: html`${problemSummary(t('problems'), problems)}<h1>${t('checkHeading')}</h1>
<h2>${t('checkAnswers')}</h2>
${answerFacts(answers, draft, context)}
<h2>${t('checkPreview')}</h2>
${previewOf(draft, context)}
${draft.claimed > 0 && html`<p>${t('checkClaimed', { count: draft.claimed })}</p>`}
<h2>${t('checkEraseHeading')}</h2>
<p class="warning">${t('checkNever')}</p>
<h2>${t('checkSealedHeading')}</h2>
<p>${t('checkSealed')}</p>
<p>${waiting(notBefore, context)}</p>
${receiptChoice(answers, draft.persons, context)}
<p class="actions"><button class="button" id="send" name="go" value="send">${t(context.host === 'offline' ? 'offlineSeal' : 'send')}</button></p>
`,
  }
}

function waiting({ minHours, maxHours, maxDays }: NotBefore, { t }: FormContext): string {
  if (maxHours === 0) return t('checkWhenSoon')
  return t('checkWhen', { min: minHours, max: maxHours, days: maxDays })
}

function receiptChoice(
  answers: Answers,
  persons: readonly SubmittedPerson[],
  { t }: FormContext,
): Markup {
  const several = persons.length > 1
  return radios({
    name: 'receipt',
    label: html`<h2>${t('checkReceiptHeading')}</h2>`,
    hint: t('checkReceiptAlone'),
    problems: [],
    choices: [
      {
        value: 'yes',
        label: t(several ? 'checkReceiptYesGroup' : 'checkReceiptYes'),
        checked: answers.wantsReceipt,
      },
      { value: 'no', label: t('checkReceiptNo'), checked: !answers.wantsReceipt },
    ],
  })
}
