import { SealingError } from './error.ts'

/** A key of one month. `day` is that of the entry which named it. */
export type CentreKey = { readonly month: string; readonly recipient: string; readonly day: string }

/** `month` and `recipient` are those of the newest key, which everybody of the centre holds. */
export type DirectoryCentre = {
  readonly month: string
  readonly recipient: string
  /** The keys of the months that are still open, in the order they were named. */
  readonly keys: readonly CentreKey[]
  /** Months up to this one are closed for good; `-` while none is. */
  readonly closedThrough: string
  /** Number of the entry that closed them; -1 while none is. */
  readonly closedAt: number
}

/** Epochs last a minute and sessions twelve hours: a day after its successor's first nothing is sealed to a key. */
const KEY_LINGERS_DAYS = 1

/** The key that takes what arrives on `day`: of the day's month, or the newest before it where nobody rotated. */
export function keyOfDay(
  { keys }: DirectoryCentre,
  day: string,
): { readonly key: CentreKey; readonly late: boolean } | undefined {
  const month = day.slice(0, 7)
  const key = keys.findLast((one) => one.month <= month) ?? keys[0]
  return key === undefined ? undefined : { key, late: key.month < month }
}

/** The last day on which anything can have been sealed to a key of `month` or of one before it, if a later key took over. */
export function lastDayOfUse({ keys }: DirectoryCentre, month: string): string | undefined {
  const successor = keys.find((key) => key.month > month)
  if (successor === undefined) return undefined
  const first = `${successor.month}-01`
  return plusDays(successor.day > first ? successor.day : first, KEY_LINGERS_DAYS)
}

/** Months that still have a key, oldest first. */
export function openMonths({ keys }: DirectoryCentre): readonly string[] {
  return [...new Set(keys.map(({ month }) => month))]
}

export function plusDays(day: string, days: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(ms)) throw new SealingError('bad_entry', 'day')
  return new Date(ms + days * 86_400_000).toISOString().slice(0, 10)
}

export function monthAfter(month: string): string {
  return plusDays(`${month}-28`, 4).slice(0, 7)
}
