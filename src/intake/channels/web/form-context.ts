import type { AliasWords } from '../../../declaration/alias.ts'
import type { Channel } from '../../../declaration/channel.ts'
import { type Choice, type FormDefinition, labelIn } from '../../../declaration/form-definition.ts'
import type { RegisterTexts } from '../../../declaration/register-texts.ts'
import type { Language } from '../../../i18n/languages.ts'
import type { CentreKey } from '../../../sealing/centre-entry.ts'
import type { RandomBytes } from '../../../sealing/parameters.ts'
import type { FieldProblem } from '../../../ui/form.ts'
import type { MarkupValue } from '../../../ui/html.ts'
import type { Answers } from './answers.ts'
import type { WebTranslate } from './catalogue.ts'

/** What every step reads: the register's form in the page's language. */
export interface FormContext {
  readonly channel: Channel
  readonly language: Language
  readonly t: WebTranslate
  readonly form: FormDefinition
  readonly texts: RegisterTexts
  readonly aliasWords: AliasWords
  readonly random: RandomBytes
  /** The centre's key this very page seals to; null where the service seals on arrival. */
  readonly centreKey: CentreKey | null
  /** Where a page that seals stands: on the site itself, on a partner's, or in a file without any network. */
  readonly host?: PageHost
}

export type PageHost = 'site' | 'partner' | 'offline'

export type StepId =
  | 'who'
  | 'script'
  | 'organisations'
  | 'name'
  | 'others'
  | 'about'
  | 'words'
  | 'consents'
  | 'others-consents'

/**
 * One question. `read` takes over what was typed without judging it, so that going back or changing the
 * language loses nothing; `check` judges; `view` shows the answers and the problems.
 */
export interface Step {
  readonly id: StepId
  appliesTo(answers: Answers): boolean
  title(context: FormContext): string
  /** Makes what the view offers, as a made-up name. */
  enter?(answers: Answers, context: FormContext): Answers
  read(fields: URLSearchParams, answers: Answers, context: FormContext): Answers
  check(answers: Answers, context: FormContext): readonly FieldProblem[]
  view(answers: Answers, context: FormContext, problems: readonly FieldProblem[]): MarkupValue
  /** What may be read after the question and its button. */
  note?(context: FormContext): MarkupValue
}

/** The label of an id in the page's language; the id itself where the form has none. */
export function labelOf(choices: readonly Choice[], id: string, language: Language): string {
  const found = choices.find((choice) => choice.id === id)
  return found === undefined ? id : labelIn(found.label, language)
}

/** Of what was posted, what the form offers: another page's value or a made-up one counts as no answer. */
export function offered<const Value extends string>(
  value: string | null,
  choices: readonly Value[],
): Value | '' {
  return choices.find((choice) => choice === value) ?? ''
}
