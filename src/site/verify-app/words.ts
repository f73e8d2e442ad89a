import { createCatalogue } from '../../i18n/catalogue.ts'
import { compactMessages } from '../../i18n/compact-catalogue.ts'
import type { Language } from '../../i18n/languages.ts'
import type { CheckerData } from './checker-data.ts'
import { en } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

const messages = { en, 'zh-hans': zhHans, 'zh-hant': zhHant }
// Made for its checks alone: a key or a placeholder that one language lacks ends the start.
createCatalogue(messages)

/** The checker's words for a page, which needs one language, or a file, which holds all. */
export function checkerWords(languages: readonly Language[]): CheckerData['words'] {
  return Object.fromEntries(
    languages.map((language) => [language, compactMessages(language, messages[language])]),
  )
}
