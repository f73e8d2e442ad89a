import { IntlMessageFormat } from 'intl-messageformat'
import { type Language, languageFacts, languages } from './languages.ts'

export type Messages<Key extends string> = Readonly<Record<Key, string>>
export type MessageValues = Readonly<Record<string, string | number>>
/** One language's texts. Throws when a message's value is not given: a page never shows a raw placeholder. */
export type Translate<Key extends string> = (key: Key, values?: MessageValues) => string
export type Catalogue<Key extends string> = (language: Language) => Translate<Key>

type Compiled = string | IntlMessageFormat
const emptyValues: MessageValues = {}

/**
 * Compiles ICU messages once. Throws at start when a language lacks a key another has, or when the
 * placeholders of one message differ between languages: both would otherwise be found by a reader.
 */
export function createCatalogue<Key extends string>(
  messages: Readonly<Record<Language, Messages<Key>>>,
): Catalogue<Key> {
  const keys = new Set(languages.flatMap((language) => Object.keys(messages[language])))
  const translators = new Map(
    languages.map((language) => [language, compileLanguage(language, messages[language], keys)]),
  )
  for (const key of keys) requireSamePlaceholders(key, translators)
  return (language) => {
    const compiled = translators.get(language)
    if (compiled === undefined) throw new TypeError(`no messages in ${language}`)
    return (key, values) => format(key, compiled.get(key), values)
  }
}

function compileLanguage(
  language: Language,
  messages: Readonly<Record<string, string>>,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, Compiled> {
  const compiled = new Map<string, Compiled>()
  for (const key of keys) {
    const text = messages[key]
    if (text === undefined) throw new TypeError(`message ${key} is missing in ${language}`)
    const message = new IntlMessageFormat(text, languageFacts[language].tag, undefined, {
      ignoreTag: true,
    })
    compiled.set(key, placeholders(message).length === 0 ? plain(message) : message)
  }
  return compiled
}

function plain(message: IntlMessageFormat): string {
  return String(message.format())
}

function format(key: string, message: Compiled | undefined, values = emptyValues): string {
  if (message === undefined) throw new TypeError(`no message ${key}`)
  return typeof message === 'string' ? message : String(message.format(values))
}

function requireSamePlaceholders(
  key: string,
  translators: ReadonlyMap<Language, ReadonlyMap<string, Compiled>>,
): void {
  const [first, ...others] = [...translators].map(([language, compiled]) => {
    const message = compiled.get(key)
    const names = message instanceof IntlMessageFormat ? placeholders(message) : []
    return { language, names: names.join(',') }
  })
  for (const other of others) {
    if (other.names !== first?.names) {
      throw new TypeError(`message ${key} has other placeholders in ${other.language}`)
    }
  }
}

function placeholders(message: IntlMessageFormat): string[] {
  const names = new Set<string>()
  collect(message.getAst(), names)
  return [...names].sort()
}

type Ast = ReturnType<IntlMessageFormat['getAst']>

function collect(elements: Ast, names: Set<string>): void {
  for (const element of elements) {
    // 0 is literal text and 7 the `#` of a plural; every other element names a value.
    if (element.type === 0 || element.type === 7) continue
    names.add(element.value)
    if ('options' in element) {
      for (const option of Object.values(element.options)) collect(option.value, names)
    }
  }
}
