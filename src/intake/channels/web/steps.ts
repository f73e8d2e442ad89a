import type { Answers } from './answers.ts'
import type { FormContext, Step, StepId } from './form-context.ts'
import { aboutStep } from './steps/about-step.ts'
import { consentsStep } from './steps/consents-step.ts'
import { nameStep } from './steps/name-step.ts'
import { organisationsStep } from './steps/organisations-step.ts'
import { othersConsentsStep } from './steps/others-consents-step.ts'
import { othersStep } from './steps/others-step.ts'
import { scriptStep } from './steps/script-step.ts'
import { whoStep } from './steps/who-step.ts'
import { wordsStep } from './steps/words-step.ts'

/** The whole form, in order. */
const steps: readonly Step[] = [
  whoStep,
  scriptStep,
  organisationsStep,
  nameStep,
  othersStep,
  aboutStep,
  wordsStep,
  consentsStep,
  othersConsentsStep,
]

export function findStep(id: string): Step | undefined {
  return steps.find((step) => step.id === id)
}

export function firstStep(): Step {
  return whoStep
}

export function applicableSteps(answers: Answers): readonly Step[] {
  return steps.filter((step) => step.appliesTo(answers))
}

/** The step before, or undefined at the beginning. */
export function stepBefore(id: StepId | 'check', answers: Answers): Step | undefined {
  const applicable = applicableSteps(answers)
  const at = applicable.findIndex((step) => step.id === id)
  return at === -1 ? applicable.at(-1) : applicable[at - 1]
}

/** The step after; undefined means: check your answers. */
export function stepAfter(id: StepId, answers: Answers): Step | undefined {
  const at = steps.findIndex((step) => step.id === id)
  return steps.slice(at + 1).find((step) => step.appliesTo(answers))
}

/** The first step that is not answered well; an edit may have opened a step that was never asked. */
export function firstUnanswered(answers: Answers, context: FormContext): Step | undefined {
  return applicableSteps(answers).find((step) => step.check(answers, context).length > 0)
}
