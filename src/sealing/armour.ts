import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { SealingError } from './error.ts'

export const ARMOUR_BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----'
export const ARMOUR_END = '-----END AGE ENCRYPTED FILE-----'
const LINE_CHARS = 64

/** An age file as text, for where only text passes. The `age` command reads it. */
export function armour(file: Uint8Array): string {
  const lines = toBase64(file).match(new RegExp(`.{1,${LINE_CHARS}}`, 'g')) ?? []
  return `${[ARMOUR_BEGIN, ...lines, ARMOUR_END].join('\n')}\n`
}

/** The lines between begin and end, as `armour` wrote them. Throws `bad_message`. */
export function readArmour(lines: readonly string[]): Uint8Array {
  const full = lines.slice(0, -1).every((line) => line.length === LINE_CHARS)
  const last = lines.at(-1)?.length ?? 0
  if (!full || last === 0 || last > LINE_CHARS) throw new SealingError('bad_message', 'line length')
  try {
    return fromBase64(lines.join(''))
  } catch (cause) {
    throw new SealingError('bad_message', 'not base64', cause)
  }
}
