import type { Progress } from '../verify/trust.ts'

const FIRST_AFTER_MS = 1_000
const EVERY_MS = 200

export type Terminal = { readonly write: (text: string) => unknown; readonly isTTY?: boolean }

/** One line that is written over and over, on a terminal and for anything over a second. */
export function progressLine(terminal: Terminal): {
  readonly show: (progress: Progress) => void
  readonly clear: () => void
} {
  let shownAt = performance.now() + FIRST_AFTER_MS - EVERY_MS
  let visible = false
  return {
    show: ({ log, entries, size }) => {
      const now = performance.now()
      if (terminal.isTTY !== true || now < shownAt + EVERY_MS) return
      shownAt = now
      visible = true
      const percent = Math.floor((100 * entries) / size)
      terminal.write(`\r\x1b[K${log}: ${entries} of ${size} (${percent} %)`)
    },
    clear: () => {
      if (visible) terminal.write('\r\x1b[K')
      visible = false
    },
  }
}
