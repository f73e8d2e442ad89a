import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { createCatalogue, type Translate } from '../../i18n/catalogue.ts'
import { type Language, languages } from '../../i18n/languages.ts'
import { type DeskKey, en } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

export const catalogue = createCatalogue<DeskKey>({ en, 'zh-hans': zhHans, 'zh-hant': zhHant })

export interface Texts {
  readonly language: Language
  readonly t: Translate<DeskKey>
}

export const TextsContext = createContext<Texts>({ language: 'en', t: catalogue('en') })

export function useTexts(): Texts {
  return useContext(TextsContext)
}

/** A message whose key is put together from a code; a code without a sentence of its own gets the `otherwise`. */
export function messageOf(t: Translate<DeskKey>, key: string, otherwise: DeskKey): string {
  return isKey(key) ? t(key) : t(otherwise)
}

/** The first of our languages that the browser's owner reads. Nothing is remembered between visits. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const lower = tag.toLowerCase()
    if (lower.startsWith('zh')) return /hant|tw|hk|mo/.test(lower) ? 'zh-hant' : 'zh-hans'
    const found = languages.find((language) => lower.startsWith(language))
    if (found !== undefined) return found
  }
  return 'en'
}

function isKey(key: string): key is DeskKey {
  return Object.hasOwn(en, key)
}
