import type { ActTiming, FormDefinition } from '../../../../declaration/form-definition.ts'
import { compactMessages } from '../../../../i18n/compact-catalogue.ts'
import type { Language } from '../../../../i18n/languages.ts'
import { pageChrome } from '../../../../ui/page.ts'
import { en as actEn } from '../acts/messages.en.ts'
import { zhHans as actZhHans } from '../acts/messages.zh-hans.ts'
import { zhHant as actZhHant } from '../acts/messages.zh-hant.ts'
import {
  aliasWordsFor,
  inLanguage,
  namedIn,
  type PageDataOptions,
} from '../in-page/make-page-data.ts'
import { en } from '../messages.en.ts'
import { zhHans } from '../messages.zh-hans.ts'
import { zhHant } from '../messages.zh-hant.ts'
import { wordlistOf } from '../wordlists.ts'
import type { ReceiptPageData } from './receipt-page-data.ts'

const messages = { en, 'zh-hans': zhHans, 'zh-hant': zhHant }
const actMessages = { en: actEn, 'zh-hans': actZhHans, 'zh-hant': actZhHant }

export interface ReceiptDataOptions
  extends Pick<PageDataOptions, 'form' | 'texts' | 'aliasWords' | 'register'> {
  readonly actTiming: ActTiming
  readonly origin: string
  /** The declaration log's key in its text form, from the keys of this installation and not from the database. */
  readonly logKey: string
}

/** `code` is the script that will read it: of the messages only those are sent that it can name. */
export function makeReceiptData(
  language: Language,
  code: string,
  options: ReceiptDataOptions,
): ReceiptPageData {
  const { form, texts, aliasWords, register, actTiming, origin, logKey } = options
  return {
    language,
    words: wordlistOf(language).join(' '),
    messages: compactMessages(language, namedIn(code, messages[language])),
    actMessages: compactMessages(language, usedIn(code, actMessages[language])),
    form: formFor(language, form),
    aliasWords: aliasWordsFor(language, aliasWords),
    actTiming,
    chrome: { title: texts[language].title, ...pageChrome(language) },
    register,
    origin,
    logKey,
  }
}

/** The messages of an act are named by its kind and a word behind a dash. */
function usedIn(code: string, all: Readonly<Record<string, string>>) {
  const named = namedIn(code, all)
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => key.includes('-') || key in named),
  )
}

/** What the receipt's pages name of the form, in one language. */
function formFor(language: Language, form: FormDefinition): FormDefinition {
  return {
    ...form,
    organisations: inLanguage(language, form.organisations, 'label'),
    standardTexts: inLanguage(language, form.standardTexts, 'text'),
    rejectionReasons: inLanguage(language, form.rejectionReasons, 'label'),
    keptOutReasons: inLanguage(language, form.keptOutReasons, 'label'),
    sectors: [],
    standings: [],
    voices: [],
    regions: [],
    consents: [],
    operatorReasons: [],
  }
}
