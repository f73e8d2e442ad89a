import { TlogError } from './error.ts'

const LF = 0x0a

/** The lines before the first empty line, with their LF, and the bytes after it. Looks at `maxHeadBytes` at most. */
export function splitAtEmptyLine(
  bytes: Uint8Array,
  maxHeadBytes: number,
): [head: Uint8Array, rest: Uint8Array] {
  const limit = Math.min(bytes.length, maxHeadBytes + 1)
  for (let end = 1; end < limit; end++) {
    if (bytes[end - 1] === LF && bytes[end] === LF) {
      return [bytes.subarray(0, end), bytes.subarray(end + 1)]
    }
  }
  throw new TlogError('bad_note', 'no empty line before the checkpoint')
}
