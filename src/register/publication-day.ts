const DAY_MS = 24 * 3_600_000

/**
 * The day that new entries get: today, and never before the newest entry. A clock that was set back over midnight gives
 * them the day of that entry, since a day and its cosignatures may be one apart; one that is further behind gives today,
 * which `sequence` refuses until the clock is right.
 */
export function publicationDay(now: Date, lastDays: readonly string[]): string {
  const today = dayOf(now)
  const tomorrow = dayOf(new Date(now.getTime() + DAY_MS))
  return lastDays.includes(tomorrow) && lastDays.every((day) => day <= tomorrow) ? tomorrow : today
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
