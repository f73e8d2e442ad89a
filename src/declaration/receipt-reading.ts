import { nearestWords } from './nearest-words.ts'
import { ReceiptError } from './receipt-error.ts'

/** One word list: 2,048 words, in any of the languages of BIP-39. */
export type Wordlist = readonly string[]

/** A way to read words: what a person may write for a word → its number, counted from one. */
type Reading = { readonly numbers: ReadonlyMap<string, number>; readonly words: readonly string[] }

const HAN_WORD = /^\p{Script=Han}$/u
const ZEROS_OF_DIGITS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xf20, 0xe50, 0x1040]

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
  const complete = readings.flatMap(({ numbers }) => {
    const found = words.flatMap((word) => numbers.get(word) ?? numbers.get(bare(word)) ?? [])
    return found.length === words.length ? [found] : []
  })
  if (complete.length > 0) return complete
  throw unknownWord(words, readings)
}

function unknownWord(words: readonly string[], readings: readonly Reading[]): ReceiptError {
  const known = (reading: Reading, word: string) =>
    reading.numbers.has(word) || reading.numbers.has(bare(word))
  const score = (reading: Reading) => words.filter((word) => known(reading, word)).length
  const [best] = readings.toSorted((a, b) => score(b) - score(a))
  if (best === undefined) return new ReceiptError('unknown_word', 1)
  const at = words.findIndex((word) => !known(best, word))
  const word = words[at] ?? ''
  // With no word known the language is unknown too: look for neighbours in every list.
  const candidates = score(best) === 0 ? readings.flatMap((reading) => reading.words) : best.words
  return new ReceiptError('unknown_word', at + 1, nearestWords(word, candidates))
}

/** Everything but letters and their marks separates; numbering ("1.") goes too. Han characters are words each. */
function splitWords(plain: string): readonly string[] {
  const runs = plain.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  return runs.flatMap((run) => (/\p{Script=Han}/u.test(run) ? Array.from(run) : [run]))
}

/** The lists of single Han characters agree where they overlap, so they read as one. */
function readingsOf(wordlists: readonly Wordlist[]): readonly Reading[] {
  const han = wordlists.filter((list) => HAN_WORD.test(list[0] ?? ''))
  const others = wordlists.filter((list) => !han.includes(list))
  const groups = [...others.map((list) => [list]), ...(han.length === 0 ? [] : [han])]
  return groups.map((lists) => {
    const numbers = new Map<string, number>()
    for (const list of lists) {
      list.forEach((word, i) => {
        const plain = word.normalize('NFKD')
        numbers.set(plain, i + 1)
        // Accents may be left out where the list's alphabet is Latin; no list has two words that then collide.
        if (bare(plain) !== plain && !numbers.has(bare(plain))) numbers.set(bare(plain), i + 1)
      })
    }
    return { numbers, words: lists.flat() }
  })
}

function bare(word: string): string {
  return /^\p{Script=Latin}/u.test(word) ? word.replaceAll(/\p{M}/gu, '') : word
}

function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = ZEROS_OF_DIGITS.find((first) => code >= first && code < first + 10)
    return zero === undefined ? '?' : String(code - zero)
  })
}
