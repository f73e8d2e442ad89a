import type { AliasWords } from '../../../../declaration/alias.ts'
import type { FormDefinition } from '../../../../declaration/form-definition.ts'
import type { RegisterTexts } from '../../../../declaration/register-texts.ts'
import type { CompactMessages } from '../../../../i18n/compact-message.ts'
import type { Language } from '../../../../i18n/languages.ts'
import type { CentreProof } from '../../../../sealing/centre-entry.ts'
import type { NotBefore } from '../web-options.ts'

/** What stands around the form, to be written anew when the language changes. */
export interface PageChrome {
  readonly title: string
  readonly skip: string
  readonly footer: string
  readonly sampleTitle: string
  readonly sample: string
}

/** All that a page with scripts needs in one language, made at start from configuration; its hash is in the event log. */
export interface PageData {
  readonly language: Language
  /** The 2,048 words of this language's list, each followed by a space but the last. */
  readonly words: string
  readonly messages: CompactMessages
  readonly form: FormDefinition
  readonly formHash: string
  readonly texts: RegisterTexts
  readonly aliasWords: AliasWords
  readonly notBefore: NotBefore
  readonly chrome: PageChrome
  readonly register: string
  readonly centre: string
  /** The root of the directory in base64: what the centre's key is checked against. */
  readonly rootPublicKey: string
}

/** What a page may learn when it is asked for: nothing in it is trusted before `verifyCentreEntry`. */
export interface PageConfig {
  readonly language: Language
  readonly channel: 'web' | 'onion'
  readonly entry: CentreProof
  /** Where the scripts lie and where sealed messages go, as the page may ask for them. */
  readonly code: string
  readonly data: Readonly<Record<Language, string>>
  readonly post: string
}
