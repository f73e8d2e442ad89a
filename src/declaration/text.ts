import { DeclarationError } from './error.ts'

export const TEXT_MAX_CHARS = 20_000
export const NAME_MAX_CHARS = 120
export const POSITION_MAX_CHARS = 60

// Directional embeddings, overrides and isolates can make a line read as something else than its
// bytes; a byte order mark is invisible, and XML, so a feed, cannot hold the two after it. Joiners stay:
// several scripts need them.
const HIDDEN = '\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ufffe\\uffff'
const NOT_IN_LINE = new RegExp(`[\\p{Cc}\\u2028\\u2029${HIDDEN}]`, 'u')
const NOT_IN_TEXT = new RegExp(`[^\\P{Cc}\\n]|[\\u2028\\u2029${HIDDEN}]`, 'u')

// Normalizing sorts the marks on one letter, in time that grows with their square: half a megabyte of them took
// minutes. UAX #15 knows no more than 30 in any language; two half-width signs become marks when letters are compared.
const MARK = '[\\p{M}\\uff9e\\uff9f]'
const MARKS_MAX = 30
const TOO_MANY_MARKS = new RegExp(`${MARK}{${MARKS_MAX + 1}}`, 'u')
const EXCESS_MARKS = new RegExp(`(?<=${MARK}{${MARKS_MAX}})${MARK}+`, 'gu')

/** Throws `bad_value` unless `text` is one trimmed line of 1 to `maxChars` characters in NFC. */
export function checkLine(text: string, maxChars: number): void {
  checkShape(text, maxChars)
  if (NOT_IN_LINE.test(text)) throw badValue('control or direction character in a line')
  if (text.trim() !== text) throw badValue('white space around a line')
}

/** Throws `bad_value` unless `text` is 1 to 20,000 characters in NFC, with LF as its only control character. */
export function checkText(text: string): void {
  checkShape(text, TEXT_MAX_CHARS)
  if (NOT_IN_TEXT.test(text)) throw badValue('control or direction character in a text')
  if (text.trim() === '') throw badValue('a text of white space')
}

/** What a person typed in one line, brought to the form `checkLine` accepts; it may still be too long or empty. */
export function tidyLine(typed: string): string {
  const line = typed
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(new RegExp(`[${HIDDEN}]`, 'gu'), '')
  return compose(line).trim()
}

/** What a person typed as a text, brought to the form `checkText` accepts; it may still be too long or empty. */
export function tidyText(typed: string): string {
  const text = typed
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\v\f\u0085]/gu, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\P{Cc}\n]/gu, '')
    .replaceAll(new RegExp(`[${HIDDEN}]`, 'gu'), '')
  return compose(text).trim()
}

/** NFC, with no more marks on a letter than `checkShape` lets pass. Composing can leave one mark as two. */
function compose(text: string): string {
  const composed = text.replaceAll(EXCESS_MARKS, '').normalize('NFC')
  return composed.replaceAll(EXCESS_MARKS, '')
}

/** Characters are code points: what a person counts, nearly, and the same in every language a verifier is written in. */
export function countChars(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function checkShape(text: string, maxChars: number): void {
  // UTF-16 units first: a cheap bound before anything walks the text.
  if (text.length === 0 || text.length > 2 * maxChars) throw badValue('empty or too long')
  if (!text.isWellFormed()) throw badValue('lone surrogate')
  if (countChars(text) > maxChars) throw badValue('too long')
  if (TOO_MANY_MARKS.test(text)) throw badValue('too many marks on one letter')
  if (text.normalize('NFC') !== text) throw badValue('not in NFC')
}

function badValue(message: string): DeclarationError {
  return new DeclarationError('bad_value', message)
}
