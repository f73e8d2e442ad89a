import { ImportError } from './error.ts'

/** A statement of two thousand names fits; whatever is longer is not a statement. */
export const LINE_MAX_BYTES = 256 * 1024

export type FileLine = { readonly number: number; readonly text: string }

const LF = 0x0a

/**
 * The lines of a file of any size, empty ones left out. Holds one line and one piece of the file at a time; a line over
 * the bound is refused before it is collected.
 */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  let begun: Uint8Array[] = []
  let begunBytes = 0
  let number = 1
  const finish = (rest: Uint8Array): FileLine => {
    const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest])
    begun = []
    begunBytes = 0
    if (bytes.length > LINE_MAX_BYTES) throw tooLong(number)
    const line = { number, text: decode(decoder, bytes, number).trim() }
    number++
    return line
  }
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, start)) {
      const line = finish(piece.subarray(start, end))
      if (line.text !== '') yield line
      start = end + 1
    }
    const rest = piece.subarray(start)
    begunBytes += rest.length
    if (begunBytes > LINE_MAX_BYTES) throw tooLong(number)
    if (rest.length > 0) begun.push(Uint8Array.from(rest))
  }
  const last = finish(new Uint8Array(0))
  if (last.text !== '') yield last
}

function decode(decoder: TextDecoder, bytes: Uint8Array, line: number): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new ImportError('not_utf8', 'not UTF-8', line)
  }
}

function tooLong(line: number): ImportError {
  return new ImportError('line_too_long', `more than ${LINE_MAX_BYTES} bytes`, line)
}
