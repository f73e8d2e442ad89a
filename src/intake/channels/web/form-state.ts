import { fromUtf8, utf8 } from '../../../encoding/bytes.ts'
import type { Language } from '../../../i18n/languages.ts'
import type { Ticket } from '../../abuse/admission.ts'
import { type Answers, emptyAnswers } from './answers.ts'
import { WebError } from './error.ts'
import type { StepId } from './form-context.ts'
import type { PageKeys } from './page-keys.ts'
import type { Prepared } from './prepared-submission.ts'
import { withDefaults, withoutDefaults } from './without-defaults.ts'

const FORMAT = 'avow/web-form/v1'

/** Everything the form knows, carried by the page itself in one sealed field. */
export interface FormState {
  readonly format: typeof FORMAT
  readonly step: StepId | 'check' | 'receipt'
  readonly answers: Answers
  /** Set once every step was answered: later edits lead back to the check page. */
  readonly checked: boolean
  readonly prepared: Prepared | null
  /** The language in which the content was checked. */
  readonly language: Language | null
  /** Which person's receipt is on the page. */
  readonly handing: number
  /** Of a page that waits for its turn. */
  readonly ticket: Ticket | null
}

export const startState: FormState = {
  format: FORMAT,
  step: 'who',
  answers: emptyAnswers,
  checked: false,
  prepared: null,
  language: null,
  handing: 0,
  ticket: null,
}

/** The format itself is never left out. */
const usual: unknown = { ...startState, format: '' }

/**
 * An untouched form carries nothing, so that a first page may stand open for days. What nobody answered is left out: a
 * person alone stays within the smallest sizes a page is padded to, and the page travels in a quarter of the time.
 */
export function sealState(state: FormState, keys: PageKeys): string {
  if (state === startState) return ''
  return keys.seal(utf8(JSON.stringify(withoutDefaults(state, usual))))
}

/** What opens was sealed by this very program since its start, so its shape needs no second look. */
export function openState(text: string, keys: PageKeys): FormState {
  if (text === '') return startState
  const state = withDefaults(JSON.parse(fromUtf8(keys.open(text))), usual)
  if (!isFormState(state)) throw new WebError('unsealed', 'another format')
  return state
}

function isFormState(state: unknown): state is FormState {
  return typeof state === 'object' && state !== null && 'format' in state && state.format === FORMAT
}
