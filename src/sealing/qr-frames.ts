import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { SealingError } from './error.ts'

/** A code of this many characters is read from a small screen by an old telephone. */
const FRAME_CHARS = 800
const FRAMES_MAX = 999
const FRAME = /AVOWQR:(\d{1,3}):(\d{1,3}):([0-9a-f]{16}):([A-Za-z0-9+/=_|.-]{1,800})/g

/**
 * A sealed message as a series of short texts, one a code: `AVOWQR:<number>:<count>:<hash>:<part>`. Spaces and line ends are
 * written as `_` and `|`, which no message holds, because readers of codes like to tidy them away.
 */
export function toQrFrames(message: string): readonly string[] {
  const text = message.replaceAll(' ', '_').replaceAll('\n', '|')
  const parts = text.match(new RegExp(`.{1,${FRAME_CHARS}}`, 'g')) ?? []
  if (parts.length > FRAMES_MAX) throw new SealingError('too_large', `over ${FRAMES_MAX} codes`)
  const hash = hashOf(message)
  return parts.map((part, i) => `AVOWQR:${i + 1}:${parts.length}:${hash}:${part}`)
}

/**
 * The messages whose codes were read, in any order and as often as one likes. Throws `frames_missing` when a series has gaps;
 * a text without a single code gives none.
 */
export function joinQrFrames(text: string): readonly string[] {
  const series = new Map<string, { readonly count: number; readonly parts: Map<number, string> }>()
  for (const [, number = '', count = '', hash = '', part = ''] of text.matchAll(FRAME)) {
    const key = `${hash}:${count}`
    const known = series.get(key) ?? { count: Number(count), parts: new Map<number, string>() }
    known.parts.set(Number(number), part)
    series.set(key, known)
  }
  return [...series].map(([key, { count, parts }]) => {
    const all = Array.from({ length: count }, (_, i) => parts.get(i + 1))
    const missing = all.flatMap((part, i) => (part === undefined ? [i + 1] : []))
    if (missing.length > 0) {
      throw new SealingError(
        'frames_missing',
        `codes ${missing.slice(0, 20).join(', ')} of ${count}`,
      )
    }
    const message = all.join('').replaceAll('_', ' ').replaceAll('|', '\n')
    if (hashOf(message) !== key.slice(0, 16)) throw new SealingError('bad_message', 'joined codes')
    return message
  })
}

function hashOf(message: string): string {
  return toHex(sha256(utf8(message))).slice(0, 16)
}
