import { fromUtf8, utf8 } from '../../../encoding/bytes.ts'
import type { Language } from '../../../i18n/languages.ts'
import type { Ticket } from '../../abuse/admission.ts'
import { type Answers, emptyAnswers } from './answers.ts'
import { WebError } from './error.ts'
import type { StepId } from './form-context.ts'
import type { PageKeys } from './page-keys.ts'
import type { Prepared } from './prepared-submission.ts'

/** Everything the form knows, carried by the page itself in one sealed field. */
export interface FormState {
  readonly format: 'avow/web-form/v1'
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
  format: 'avow/web-form/v1',
  step: 'who',
  answers: emptyAnswers,
  checked: false,
  prepared: null,
  language: null,
  handing: 0,
  ticket: null,
}

/** An untouched form carries nothing, so that a first page may stand open for days. */
export function sealState(state: FormState, keys: PageKeys): string {
  if (state === startState) return ''
  return keys.seal(utf8(JSON.stringify(state)))
}

/** What opens was sealed by this very program since its start, so its shape needs no second look. */
export function openState(text: string, keys: PageKeys): FormState {
  if (text === '') return startState
  const state: FormState = JSON.parse(fromUtf8(keys.open(text)))
  if (state.format !== startState.format) throw new WebError('unsealed', 'another format')
  return state
}
