import type { FieldProblem } from '../../../ui/form.ts'
import type { Answers } from './answers.ts'
import type { FormContext, Step, StepId } from './form-context.ts'
import type { FormState } from './form-state.ts'
import { dropStaleConsents } from './stale-consents.ts'
import { findStep, firstStep, firstUnanswered, stepAfter, stepBefore } from './steps.ts'

/** What to show after a post. `send` means: store it first. */
export type Walked =
  | {
      readonly show: 'step'
      readonly step: Step
      readonly state: FormState
      readonly problems: readonly FieldProblem[]
    }
  | { readonly show: 'check' | 'send' | 'receipt'; readonly state: FormState }
  | { readonly show: 'leave' }

/** One post of the form: takes over what was typed, then goes where `go` says. */
export function walkForm(state: FormState, fields: URLSearchParams, context: FormContext): Walked {
  const go = fields.get('go') ?? 'next'
  switch (state.step) {
    case 'check':
      return leaveCheck(state, fields, go, context)
    case 'receipt':
      return leaveReceipt(state, go)
    default:
      return leaveStep(state, state.step, fields, go, context)
  }
}

export function showStep(
  step: Step,
  state: FormState,
  context: FormContext,
  problems: readonly FieldProblem[] = [],
): Extract<Walked, { show: 'step' }> {
  const answers = step.enter?.(state.answers, context) ?? state.answers
  return { show: 'step', step, state: { ...state, step: step.id, answers }, problems }
}

function leaveStep(
  before: FormState,
  id: StepId,
  fields: URLSearchParams,
  go: string,
  context: FormContext,
): Walked {
  const step = findStep(id) ?? firstStep()
  const read = step.read(fields, before.answers, context)
  const state = { ...before, answers: dropStaleConsents(before.answers, read) }
  if (go === 'back') return showStep(stepBefore(id, state.answers) ?? step, state, context)
  if (go !== 'next') return showStep(step, state, context)
  const problems = step.check(state.answers, context)
  if (problems.length > 0) return showStep(step, state, context, problems)
  const next = state.checked
    ? firstUnanswered(state.answers, context)
    : stepAfter(id, state.answers)
  return next === undefined ? showCheck(state, context) : showStep(next, state, context)
}

/** However the check page is reached, nothing is shown there that a step would refuse. */
export function showCheck(state: FormState, context: FormContext): Walked {
  const unanswered = firstUnanswered(state.answers, context)
  if (unanswered !== undefined) return showStep(unanswered, state, context)
  return { show: 'check', state: { ...state, step: 'check', checked: true } }
}

function leaveCheck(
  before: FormState,
  fields: URLSearchParams,
  go: string,
  context: FormContext,
): Walked {
  const answers: Answers = { ...before.answers, wantsReceipt: fields.get('receipt') !== 'no' }
  const state = { ...before, answers }
  if (go === 'send') return { show: 'send', state }
  const edited = go.startsWith('edit-') ? findStep(go.slice('edit-'.length)) : undefined
  if (edited?.appliesTo(answers)) return showStep(edited, state, context)
  const back = go === 'back' ? stepBefore('check', answers) : undefined
  return back === undefined ? showCheck(state, context) : showStep(back, state, context)
}

function leaveReceipt(state: FormState, go: string): Walked {
  if (go === 'leave') return { show: 'leave' }
  const last = (state.prepared?.receipts.length ?? 1) - 1
  const handing = go === 'next-receipt' ? Math.min(state.handing + 1, last) : state.handing
  return { show: 'receipt', state: { ...state, handing } }
}
