import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { ARMOUR_BEGIN, ARMOUR_END, armour, readArmour } from './armour.ts'
import { SealingError } from './error.ts'

/** A declaration that its sender sealed to the centre: what a page posts, and what a letter, a file or a code carries. */
export type SealedSubmission = {
  readonly language: string
  /** SHA-256 of each person's look-up id, in the order of the persons; empty when receipts were declined. */
  readonly receipts: readonly Uint8Array[]
  /** An age file to the centre of the padded submission. */
  readonly file: Uint8Array
}

const FORMAT = 'avow/sealed-submission/v1'
const RECEIPTS_MAX = 500
const LANGUAGE = /^language ([a-z]{2,8}(?:-[a-z0-9]{1,8}){0,3})$/
const RECEIPT = /^receipt ([0-9a-f]{64})$/
/** The largest submission in its size class, sealed and as text; a form of five hundred persons is a quarter of it. */
export const SEALED_MESSAGE_MAX_BYTES = 8 * 1024 * 1024

export function encodeSealedSubmission(submission: SealedSubmission): Uint8Array {
  const { language, receipts, file } = submission
  const lines = receipts.map((hash) => `receipt ${toHex(hash)}\n`).join('')
  const bytes = utf8(`${FORMAT}\nlanguage ${language}\n${lines}${armour(file)}`)
  parseSealedSubmission(bytes)
  return bytes
}

/** Throws `bad_message` or `too_large`. One message has one spelling, so that its hash is its name. */
export function parseSealedSubmission(bytes: Uint8Array): SealedSubmission {
  if (bytes.length > SEALED_MESSAGE_MAX_BYTES) throw new SealingError('too_large', 'sealed message')
  const lines = textOf(bytes).split('\n')
  if (lines.shift() !== FORMAT) throw bad('format line')
  if (lines.pop() !== '' || lines.pop() !== ARMOUR_END) throw bad('end')
  const language = LANGUAGE.exec(lines.shift() ?? '')?.[1]
  if (language === undefined) throw bad('language')
  const begin = lines.indexOf(ARMOUR_BEGIN)
  if (begin < 0 || begin > RECEIPTS_MAX) throw bad('number of receipts')
  const receipts = lines.slice(0, begin).map((line) => {
    const hash = RECEIPT.exec(line)?.[1]
    if (hash === undefined) throw bad('receipt')
    return Uint8Array.from(hash.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
  })
  if (new Set(lines.slice(0, begin)).size !== begin) throw bad('a receipt twice')
  return { language, receipts, file: readArmour(lines.slice(begin + 1)) }
}

/**
 * The sealed messages in a text that mail programs, hands and scanners have been at: quoted, indented, with other line ends.
 * Each comes back in its one spelling; what only looks like one is left out.
 */
export function findSealedSubmissions(text: string, max = 16): readonly Uint8Array[] {
  const lines = tidyLines(text)
  const found: Uint8Array[] = []
  for (let at = lines.indexOf(FORMAT); at >= 0 && found.length < max; ) {
    const end = lines.indexOf(ARMOUR_END, at)
    if (end < 0) break
    const message = strictMessage(lines.slice(at, end + 1))
    if (message !== undefined) found.push(message)
    at = lines.indexOf(FORMAT, message === undefined ? at + 1 : end)
  }
  return found
}

/** Age files in armour that stand by themselves, as someone seals by hand. */
export function findArmouredFiles(text: string, max = 16): readonly Uint8Array[] {
  const lines = tidyLines(text)
  const found: Uint8Array[] = []
  for (let at = lines.indexOf(ARMOUR_BEGIN); at >= 0 && found.length < max; ) {
    const end = lines.indexOf(ARMOUR_END, at)
    if (end < 0) break
    try {
      found.push(readArmour(rewrapped(lines.slice(at + 1, end))))
    } catch (error) {
      if (!(error instanceof SealingError)) throw error
    }
    at = lines.indexOf(ARMOUR_BEGIN, end)
  }
  return found
}

function strictMessage(lines: readonly string[]): Uint8Array | undefined {
  const begin = lines.indexOf(ARMOUR_BEGIN)
  if (begin < 0) return undefined
  const head = lines.slice(0, begin + 1)
  const message = utf8(
    `${[...head, ...rewrapped(lines.slice(begin + 1, -1)), ARMOUR_END].join('\n')}\n`,
  )
  try {
    parseSealedSubmission(message)
    return message
  } catch (error) {
    if (error instanceof SealingError) return undefined
    throw error
  }
}

/** Lines that were broken elsewhere on the way, broken as `armour` does. */
function rewrapped(lines: readonly string[]): readonly string[] {
  return lines.join('').match(/.{1,64}/g) ?? []
}

function tidyLines(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^[>\s\ufeff]+/, '').trimEnd())
    .filter((line) => line !== '')
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new SealingError('bad_message', 'not text', cause)
  }
}

function bad(what: string): SealingError {
  return new SealingError('bad_message', `sealed message: ${what}`)
}
