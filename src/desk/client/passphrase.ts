import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import type { Language } from '../../i18n/languages.ts'
import { generatePassphrase } from '../../sealing/keyring.ts'

const lists: Readonly<Record<Language, readonly string[]>> = {
  en: english,
  'zh-hans': simplified,
  'zh-hant': traditional,
}

/** Seven words of the language's BIP-39 list. */
export function newPassphrase(language: Language, random: (length: number) => Uint8Array): string {
  return generatePassphrase(random, lists[language])
}

/** What a person typed as it was generated: Chinese words are single characters, typed with or without spaces. */
export function tidyPassphrase(typed: string): string {
  const spaced = typed.normalize('NFKC').replaceAll(/\p{Script=Han}/gu, ' $& ')
  return spaced.trim().toLowerCase().split(/\s+/).join(' ')
}

/** A name that tells nothing of the person, to start from: two words and two digits. */
export function suggestName(random: (length: number) => Uint8Array): string {
  const draw = random(5)
  const view = new DataView(draw.buffer, draw.byteOffset, draw.byteLength)
  const word = (offset: number) => english[view.getUint16(offset) % english.length] ?? ''
  return `${word(0)}-${word(2)}-${String(view.getUint8(4) % 100).padStart(2, '0')}`
}
