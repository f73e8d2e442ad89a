import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Choice, labelIn } from '../../declaration/form-definition.ts'
import type { Translate } from '../../i18n/catalogue.ts'
import type { Language } from '../../i18n/languages.ts'
import type { Desk } from '../client/desk-client.ts'
import type { OpenCase } from '../client/open-case.ts'
import type { Review } from '../client/review.ts'
import type { DraftSaver } from './draft-saver.ts'
import type { DeskKey } from './messages.en.ts'
import type { Run, RunList } from './use-run.ts'

export type Screen =
  | { readonly name: 'queue' }
  | { readonly name: 'case'; readonly open: OpenCase }
  | { readonly name: 'review'; readonly review: Review }
  | { readonly name: 'people' }
  | { readonly name: 'account' }
  | { readonly name: 'audits' }

export type LockReason = 'idle' | 'expired' | 'left'

/** What every screen of the unlocked desk shares. */
export interface AppContext {
  readonly t: Translate<DeskKey>
  readonly language: Language
  readonly desk: Desk
  readonly saver: DraftSaver
  /** Shows another screen; `notice` is read out there once. */
  readonly go: (screen: Screen, notice?: string) => void
  /** The row of cases one is going through, if one is. */
  readonly run: Run | null
  /** Opens the next case of the list and goes on that way after each; the queue, with a word, when none is left. */
  readonly goOn: (list: RunList) => Promise<void>
  /** The case in hand is done: on to the next of the run, or back to the queue. */
  readonly done: (notice: string) => Promise<void>
  /** The same after a proposal, which may be taken back until somebody has opened it. */
  readonly proposed: (caseId: string, notice: string) => Promise<void>
  readonly lock: (reason: LockReason) => void
}

export const AppContextProvider = createContext<AppContext | null>(null)

export function useApp(): AppContext {
  const app = useContext(AppContextProvider)
  if (app === null) throw new TypeError('a screen outside the unlocked desk')
  return app
}

/** What the form calls an id, in the reader's language; an id the form does not know stays as it is. */
export function labelOf(choices: readonly Choice[], id: string, language: Language): string {
  const choice = choices.find((one) => one.id === id)
  return choice === undefined ? id : labelIn(choice.label, language)
}
