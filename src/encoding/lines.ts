import { fromUtf8, utf8 } from './bytes.ts'
import { EncodingError } from './hex.ts'

// C0 controls but LF, DEL and C1: none of our formats needs them, and CR or NUL would give one
// meaning two spellings. Terminals act on the rest.
const CONTROL = /[\p{Cc}--\n]/v

/**
 * Splits UTF-8 text into its lines, each of which ends in LF; no bytes are no lines.
 * The bytes are attacker-controlled: more than `maxBytes`, a missing last LF, a control character or
 * bytes that are not UTF-8 throw EncodingError `bad_line`. Empty lines are returned for the caller to judge.
 */
export function parseLines(bytes: Uint8Array, maxBytes: number): string[] {
  if (bytes.length > maxBytes) throw badLine(`more than ${maxBytes} bytes`)
  if (bytes.length === 0) return []
  const text = decode(bytes)
  if (!text.endsWith('\n')) throw badLine('last line does not end in LF')
  if (CONTROL.test(text)) throw badLine('control character')
  return text.slice(0, -1).split('\n')
}

/** The inverse of parseLines. Throws EncodingError `bad_line` for a line that would not come back. */
export function formatLines(lines: readonly string[]): Uint8Array {
  for (const line of lines) {
    if (!line.isWellFormed() || /\p{Cc}/v.test(line)) throw badLine('control character')
  }
  return utf8(lines.map((line) => `${line}\n`).join(''))
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw badLine('not UTF-8', cause)
  }
}

function badLine(message: string, cause?: unknown): EncodingError {
  const error = new EncodingError('bad_line', message)
  if (cause !== undefined) error.cause = cause
  return error
}
