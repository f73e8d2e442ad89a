import type { Language } from './languages.ts'
import { languageFacts } from './languages.ts'

/** A message as a browser gets it: plain text, or its pieces. What parses messages stays on the server. */
export type CompactMessage = string | readonly CompactPiece[]
export type CompactPiece =
  | string
  | { readonly value: string; readonly number?: true }
  | { readonly plural: string; readonly options: Readonly<Record<string, readonly CompactPiece[]>> }
  /** The number of the plural around it. */
  | { readonly count: true }

export type CompactMessages = Readonly<Record<string, CompactMessage>>
type Values = Readonly<Record<string, string | number>>

export type CompactTranslate = (key: string, values?: Values) => string

/** The same answers as the catalogue that the messages were compacted from. Throws for a message or value that is not there. */
export function createCompactTranslate(
  language: Language,
  messages: CompactMessages,
): CompactTranslate {
  const { tag } = languageFacts[language]
  const numbers = new Intl.NumberFormat(tag)
  const rules = new Intl.PluralRules(tag)
  const write = (pieces: readonly CompactPiece[], values: Values, count: number): string =>
    pieces.map((piece) => writePiece(piece, values, count)).join('')
  const writePiece = (piece: CompactPiece, values: Values, count: number): string => {
    if (typeof piece === 'string') return piece
    if ('count' in piece) return numbers.format(count)
    if ('value' in piece) {
      const value = givenValue(piece.value, values)
      return piece.number ? numbers.format(Number(value)) : String(value)
    }
    const given = Number(givenValue(piece.plural, values))
    const options = piece.options
    const chosen = options[`=${given}`] ?? options[rules.select(given)] ?? options['other'] ?? []
    return write(chosen, values, given)
  }
  return (key: string, values: Values = {}): string => {
    const message = messages[key]
    if (message === undefined) throw new TypeError(`no message ${key}`)
    return typeof message === 'string' ? message : write(message, values, 0)
  }
}

function givenValue(name: string, values: Values): string | number {
  const value = values[name]
  if (value === undefined) throw new TypeError(`no value ${name}`)
  return value
}
