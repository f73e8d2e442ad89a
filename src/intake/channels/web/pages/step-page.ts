import { type FieldProblem, problemSummary } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import type { Answers } from '../answers.ts'
import type { FormContext, Step } from '../form-context.ts'
import type { FormPageParts, WebFrame } from './form-frame.ts'

export function stepPage(
  frame: WebFrame,
  parts: {
    readonly step: Step
    readonly answers: Answers
    readonly context: FormContext
    readonly state: string
    readonly problems: readonly FieldProblem[]
  },
): FormPageParts {
  const { step, answers, context, state, problems } = parts
  const { t } = frame
  const title = step.title(context)
  return {
    title: problems.length === 0 ? title : t('titleError', { title }),
    state,
    back: step.id === 'who' ? 'home' : 'step',
    enter: 'next',
    body: html`${problemSummary(t('problems'), problems)}${step.view(answers, context, problems)}<p class="actions"><button class="button" name="go" value="next">${t('continue')}</button></p>
${step.note?.(context)}`,
  }
}
