import type { AliasWords } from '../../../../declaration/alias.ts'
import type { FormDefinition } from '../../../../declaration/form-definition.ts'
import type { RegisterTexts } from '../../../../declaration/register-texts.ts'
import { toBase64 } from '../../../../encoding/base64.ts'
import { compactMessages } from '../../../../i18n/compact-catalogue.ts'
import type { Language } from '../../../../i18n/languages.ts'
import { pageChrome } from '../../../../ui/page.ts'
import { en } from '../messages.en.ts'
import { zhHans } from '../messages.zh-hans.ts'
import { zhHant } from '../messages.zh-hant.ts'
import type { NotBefore } from '../web-options.ts'
import { wordlistOf } from '../wordlists.ts'
import type { PageData } from './page-data.ts'

const messages = { en, 'zh-hans': zhHans, 'zh-hant': zhHant }

export interface PageDataOptions {
  readonly form: FormDefinition
  readonly formHash: string
  readonly texts: Readonly<Record<Language, RegisterTexts>>
  readonly aliasWords: AliasWords
  readonly notBefore: NotBefore
  /** The register's name, as the directory's entries carry it. */
  readonly register: string
  readonly centre: string
  /** From the configuration: what the database says about keys is checked against it in the page. */
  readonly rootPublicKey: Uint8Array
}

/** `code` is the script that will read it: of the messages only those are sent that it names. */
export function makePageData(language: Language, code: string, options: PageDataOptions): PageData {
  const { formHash, texts, notBefore, register, centre, rootPublicKey } = options
  return {
    language,
    words: wordlistOf(language).join(' '),
    messages: compactMessages(language, namedIn(code, messages[language])),
    form: formFor(language, options.form),
    formHash,
    texts: texts[language],
    aliasWords: aliasWordsFor(language, options.aliasWords),
    notBefore,
    chrome: { title: texts[language].title, ...pageChrome(language) },
    register,
    centre,
    rootPublicKey: toBase64(rootPublicKey),
  }
}

/** A module with one export. */
export function pageDataModule(data: Pick<PageData, 'language' | 'words'>): string {
  return `export const data = ${JSON.stringify(data)}\n`
}

/** Of the messages, those that the code names. */
export function namedIn(
  code: string,
  all: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const literals = new Set(code.match(/(?<=["'`])\w+(?=["'`])/g))
  return Object.fromEntries(Object.entries(all).filter(([key]) => literals.has(key)))
}

/** Without what only the desk shows and other languages; organisations keep every label, because a pasted list may use any. */
function formFor(language: Language, form: FormDefinition): FormDefinition {
  return {
    ...form,
    sectors: inLanguage(language, form.sectors, 'label'),
    standings: inLanguage(language, form.standings, 'label'),
    voices: inLanguage(language, form.voices, 'label'),
    regions: inLanguage(language, form.regions, 'label'),
    consents: inLanguage(language, form.consents, 'label'),
    standardTexts: inLanguage(language, form.standardTexts, 'text'),
    rejectionReasons: [],
    keptOutReasons: [],
    operatorReasons: [],
  }
}

/** Choices with their words in one language alone. */
export function inLanguage<T extends { readonly id: string }, K extends 'label' | 'text'>(
  language: Language,
  choices: readonly (T & Readonly<Record<K, Readonly<Record<string, string>>>>)[],
  key: K,
) {
  return choices.map((choice) => ({
    ...choice,
    [key]: { [language]: choice[key][language] ?? '' },
  }))
}

export function aliasWordsFor(language: Language, material: AliasWords): AliasWords {
  const words = material.languages[language]
  return words === undefined ? material : { ...material, languages: { [language]: words } }
}
