import type { RandomBytes } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { LANGUAGE, whole } from './grammar.ts'
import {
  checkedText,
  integer,
  listOf,
  object,
  oneOf,
  parseJson,
  recordOf,
  text,
} from './json-shape.ts'
import { checkLine } from './text.ts'

/** Fewer than 2^40 aliases would repeat among the persons of a large register. */
const LEAST_ALIASES = 2 ** 40
const ALIAS_WORDS_MAX_CHARS = 256 * 1024

/** Word material of a register: one word of each list, then digits. */
export type AliasWords = {
  readonly format: 'avow/alias-words/v1'
  readonly digits: number
  readonly languages: {
    readonly [language: string]: {
      readonly separator: string
      readonly words: readonly (readonly string[])[]
    }
  }
}

// Made when word material is read: pages that only draw from it do not carry what reads it.
const word = () => checkedText((written) => checkLine(written, 24))
const aliasWordsShape = () =>
  object({
    format: oneOf(['avow/alias-words/v1']),
    digits: integer(0, 9),
    languages: recordOf(
      whole(LANGUAGE),
      object({ separator: text(1), words: listOf(listOf(word(), 2, 4096), 1, 4) }),
      64,
    ),
  })

/** Throws `bad_alias_words`: wrong shape, a word twice in a list, too few aliases in a language. */
export function parseAliasWords(json: string): AliasWords {
  if (json.length > ALIAS_WORDS_MAX_CHARS) throw badWords('too long')
  const material = parseJson(json, aliasWordsShape(), 'bad_alias_words')
  for (const { words } of Object.values(material.languages)) {
    if (words.some((list) => new Set(list).size !== list.length)) throw badWords('a word twice')
    const space = words.reduce((product, list) => product * list.length, 10 ** material.digits)
    if (space < LEAST_ALIASES) throw badWords('too few aliases in a language')
  }
  return material
}

/**
 * An alias nobody chose: it says nothing of the person, and is plainly an alias. A language without
 * words of its own takes those of the first.
 */
export function generateAlias(material: AliasWords, language: string, random: RandomBytes): string {
  const lists = material.languages[language] ?? Object.values(material.languages)[0]
  if (lists === undefined) throw badWords('no language')
  const words = lists.words.map((list) => list[drawBelow(list.length, random)] ?? '')
  const number = drawBelow(10 ** material.digits, random)
  return `${words.join(lists.separator)} ${String(number).padStart(material.digits, '0')}`
}

/** Whether `generateAlias` could have drawn this: then nobody's own words are in it. */
export function isGeneratedAlias(material: AliasWords, alias: string): boolean {
  const space = alias.lastIndexOf(' ')
  const digits = alias.slice(space + 1)
  if (space === -1 || digits.length !== material.digits || !/^\d*$/.test(digits)) return false
  const words = alias.slice(0, space)
  return Object.values(material.languages).some((lists) =>
    isSequence(words, lists.words, lists.separator),
  )
}

function isSequence(
  text: string,
  [list, ...rest]: readonly (readonly string[])[],
  separator: string,
): boolean {
  if (list === undefined) return text === ''
  return list.some((word) => {
    if (!text.startsWith(word)) return false
    const after = text.slice(word.length)
    if (rest.length === 0) return after === ''
    return after.startsWith(separator) && isSequence(after.slice(separator.length), rest, separator)
  })
}

/** Draws again above the largest multiple, so that every number below `limit` is equally likely. */
function drawBelow(limit: number, random: RandomBytes): number {
  const largest = 2 ** 32 - (2 ** 32 % limit)
  for (;;) {
    const bytes = random(4)
    const drawn = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
    if (drawn < largest) return drawn % limit
  }
}

function badWords(message: string): DeclarationError {
  return new DeclarationError('bad_alias_words', message)
}
