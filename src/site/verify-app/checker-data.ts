import type { CompactMessages } from '../../i18n/compact-message.ts'
import type { Language } from '../../i18n/languages.ts'

/** What the page hands to its script, as JSON. */
export type CheckerData = {
  readonly language: Language
  /** One language on a page of the site, all in a file. */
  readonly words: { readonly [language in Language]?: CompactMessages }
  /** Relative address of the site's root; null in a file, which has none. */
  readonly root: string | null
  /** Text of the policy that a file carries. */
  readonly policy: string | null
}

export const CHECKER_ID = 'checker'
