import { nearestWords } from './nearest-words.ts'
import { ReceiptError } from './receipt-error.ts'

/** One word list: 2,048 words, in any of the languages of BIP-39. */
export type Wordlist = readonly string[]

/** One way to read words: lists that are read together, and the numbers of their words, counted from one. */
type Reading = {
  readonly lists: readonly Wordlist[]
  readonly numbers: readonly ReadonlyMap<string, number>[]
}

const HAN_WORD = /^\p{Script=Han}$/u
const DIGIT = /^\p{Nd}$/u

/** Twelve groups of one to four digits, or 48 digits whatever stands between them. Throws `digits`. */
export function readDigits(plain: string): readonly number[] {
  const ascii = asciiDigits(plain)
  const groups = ascii.match(/\d+/g) ?? []
  const digits = groups.join('')
  const twelve =
    groups.length === 12 && groups.every((group) => group.length <= 4)
      ? groups
      : (digits.match(/\d{4}/g) ?? [])
  if (twelve !== groups && digits.length !== 48) throw new ReceiptError('digits')
  return twelve.map((group, i) => {
    const number = Number(group)
    if (number < 1 || number > 2048) throw new ReceiptError('digits', i + 1)
    return number
  })
}

/**
 * All the readings under which each of the twelve words is known: English and French share words, so
 * there may be two; the caller's checksum decides. Throws `word_count` or `unknown_word`.
 */
export function readWords(
  plain: string,
  wordlists: readonly Wordlist[],
): readonly (readonly number[])[] {
  const words = splitWords(plain)
  if (words.length !== 12) throw new ReceiptError('word_count')
  const readings = readingsOf(wordlists)
  const complete = readings.flatMap((reading) => {
    const numbers = numbersIn(words, reading)
    return numbers === undefined ? [] : [numbers]
  })
  if (complete.length > 0) return complete
  throw unknownWord(words, readings)
}

/** Most lists lack the first word already: the rest is then not looked for. */
function numbersIn(words: readonly string[], reading: Reading): readonly number[] | undefined {
  const numbers: number[] = []
  for (const word of words) {
    const number = numberOf(word, reading)
    if (number === undefined) return undefined
    numbers.push(number)
  }
  return numbers
}

function unknownWord(words: readonly string[], readings: readonly Reading[]): ReceiptError {
  const isKnown = (word: string, reading: Reading) => numberOf(word, reading) !== undefined
  const score = (reading: Reading) => words.filter((word) => isKnown(word, reading)).length
  const [best] = readings.toSorted((a, b) => score(b) - score(a))
  if (best === undefined) return new ReceiptError('unknown_word', 1)
  const at = words.findIndex((word) => !isKnown(word, best))
  const word = words[at] ?? ''
  // With no word known the language is unknown too: look for neighbours in every list.
  const searched = score(best) === 0 ? readings : [best]
  const candidates = searched.flatMap(({ lists }) => lists.flat())
  return new ReceiptError('unknown_word', at + 1, nearestWords(word, candidates))
}

/** Everything but letters and their marks separates; numbering ("1.") goes too. Han characters are words each. */
function splitWords(plain: string): readonly string[] {
  const runs = plain.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  return runs.flatMap((run) => (/\p{Script=Han}/u.test(run) ? Array.from(run) : [run]))
}

// The lists offered are the same at every question.
const groupedLists = new WeakMap<readonly Wordlist[], readonly Reading[]>()

function readingsOf(wordlists: readonly Wordlist[]): readonly Reading[] {
  const grouped = groupedLists.get(wordlists) ?? groupLists(wordlists)
  groupedLists.set(wordlists, grouped)
  return grouped
}

/** The lists of single Han characters agree where they overlap, so they read as one. */
function groupLists(wordlists: readonly Wordlist[]): readonly Reading[] {
  const han = wordlists.filter((list) => HAN_WORD.test(list[0] ?? ''))
  const others = wordlists.filter((list) => !han.includes(list))
  const groups = [...others.map((list) => [list]), ...(han.length === 0 ? [] : [han])]
  return groups.map((lists) => ({ lists, numbers: lists.map(numbersOf) }))
}

// Ten lists cost 6 ms to index, a look-up in them microseconds; the lists themselves never change.
const indexedLists = new WeakMap<Wordlist, ReadonlyMap<string, number>>()

function numbersOf(list: Wordlist): ReadonlyMap<string, number> {
  const indexed = indexedLists.get(list)
  if (indexed !== undefined) return indexed
  const numbers = new Map<string, number>()
  list.forEach((word, i) => {
    const plain = word.normalize('NFKD')
    numbers.set(plain, i + 1)
    // Accents may be left out: no list has two words that only accents tell apart.
    numbers.set(bare(plain), i + 1)
  })
  indexedLists.set(list, numbers)
  return numbers
}

function numberOf(word: string, { numbers }: Reading): number | undefined {
  for (const ofList of numbers) {
    const number = ofList.get(word) ?? ofList.get(bare(word))
    if (number !== undefined) return number
  }
  return undefined
}

function bare(word: string): string {
  return /^\p{Script=Latin}/u.test(word) ? word.replaceAll(/\p{M}/gu, '') : word
}

/** Decimal digits of every script stand in runs of ten, zero first; some runs follow one another. */
function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    let first = code
    while (DIGIT.test(String.fromCodePoint(first - 1))) first--
    return String((code - first) % 10)
  })
}
