import { wordlist as czech } from '@scure/bip39/wordlists/czech.js'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js'
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js'
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js'
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js'
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import type { Language } from '../../../i18n/languages.ts'

const ofLanguage: Readonly<Record<Language, readonly string[]>> = {
  en: english,
  'zh-hans': simplified,
  'zh-hant': traditional,
}

/** The list in which a page shows a receipt. */
export function wordlistOf(language: Language): readonly string[] {
  return ofLanguage[language]
}

/** The lists in which a receipt may be given back: other programs may have shown it in another language. */
export const wordlists: readonly (readonly string[])[] = [
  english,
  simplified,
  traditional,
  czech,
  french,
  italian,
  japanese,
  korean,
  portuguese,
  spanish,
]
