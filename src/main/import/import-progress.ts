const FIRST_AFTER_MS = 1_000
const EVERY_MS = 200

export type Terminal = { readonly write: (text: string) => unknown; readonly isTTY?: boolean }

export interface ImportTotals {
  readonly statements: number
  readonly persons: number
}

/** One line that is written over and over on a terminal: how far, how fast, how long still. */
export function importProgress(terminal: Terminal, totals: ImportTotals) {
  const startedAt = performance.now()
  let shownAt = startedAt + FIRST_AFTER_MS - EVERY_MS
  let visible = false
  let before: number | undefined
  return {
    show: ({ published, parts }: { readonly published: number; readonly parts: number }) => {
      before ??= published
      const now = performance.now()
      if (terminal.isTTY !== true || now < shownAt + EVERY_MS) return
      shownAt = now
      visible = true
      const done = parts === 0 ? 1 : published / parts
      const rate = ((published - before) / Math.max(1, parts)) * (1000 / (now - startedAt))
      terminal.write(`\r\x1b[K${progressText(done, rate, totals)}`)
    },
    clear: () => {
      if (visible) terminal.write('\r\x1b[K')
      visible = false
    },
  }
}

/** `done` is a share of the whole, `rate` such shares a second. */
export function progressText(
  done: number,
  rate: number,
  { statements, persons }: ImportTotals,
): string {
  const left = rate > 0 ? `, ${duration((1 - done) / rate)} left` : ''
  return [
    `${Math.floor(done * persons)} of ${persons} persons`,
    `${Math.floor(done * statements)} of ${statements} statements`,
    `${Math.round(rate * persons)} persons/s${left}`,
  ].join(' · ')
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 90) return `${whole} s`
  return whole < 5400 ? `${Math.ceil(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}
