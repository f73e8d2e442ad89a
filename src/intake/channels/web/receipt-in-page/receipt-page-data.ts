import type { AliasWords } from '../../../../declaration/alias.ts'
import type { ActTiming, FormDefinition } from '../../../../declaration/form-definition.ts'
import type { CompactMessages } from '../../../../i18n/compact-message.ts'
import type { Language } from '../../../../i18n/languages.ts'
import type { PageChrome } from '../in-page/page-data.ts'

/** All that the receipt's page needs in one language, made at start from configuration; its hash is in the event log. */
export interface ReceiptPageData {
  readonly language: Language
  /** The 2,048 words of this language's list, each followed by a space but the last. */
  readonly words: string
  readonly messages: CompactMessages
  readonly actMessages: CompactMessages
  readonly form: FormDefinition
  readonly aliasWords: AliasWords
  readonly actTiming: ActTiming
  readonly chrome: PageChrome
  readonly register: string
  /** Origin of the declaration log. */
  readonly origin: string
  /** The declaration log's key in its text form: what the act recipient is checked against. */
  readonly logKey: string
}

/** What the page learns when it is asked for: the note is nothing before `openActRecipient`. */
export interface ReceiptPageConfig {
  readonly language: Language
  /** The signed note that names the act recipient. */
  readonly recipient: string
  /** Where the scripts lie, as the page may ask for them; `words` are the lists of all languages. */
  readonly code: string
  readonly data: Readonly<Record<Language, string>>
  readonly words: string
  readonly door: string
}
