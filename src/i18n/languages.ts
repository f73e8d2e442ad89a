/** The languages every page exists in. The id is the first path element of a page. */
export type Language = 'en' | 'zh-hans' | 'zh-hant'

interface LanguageFacts {
  /** BCP 47 with a region, because fonts and line breaking follow the region and not the script alone. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly ownName: string
}

export const languages: readonly Language[] = ['zh-hans', 'zh-hant', 'en']

export const languageFacts: Readonly<Record<Language, LanguageFacts>> = {
  en: { tag: 'en', direction: 'ltr', ownName: 'English' },
  'zh-hans': { tag: 'zh-Hans-CN', direction: 'ltr', ownName: '简体中文' },
  'zh-hant': { tag: 'zh-Hant-TW', direction: 'ltr', ownName: '繁體中文' },
}

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languageFacts, text)
}
