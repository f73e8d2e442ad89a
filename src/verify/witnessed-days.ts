import type { Cosignature } from '../tlog/policy.ts'
import { VerifyError } from './error.ts'

export const DAY_SECONDS = 24 * 60 * 60

/**
 * Entries that a checkpoint was the first to cover are of the UTC day of its cosignatures, give or take one.
 * That is what makes a day more than the operator's word; without witnesses there is nothing to compare.
 */
export function verifyWitnessedDays(
  file: string,
  cosignatures: readonly Cosignature[],
  firstDay: string,
  lastDay: string,
): void {
  for (const { name, time } of cosignatures) {
    const witnessed = Math.floor(time / DAY_SECONDS)
    if (dayNumber(firstDay) < witnessed - 1 || dayNumber(lastDay) > witnessed + 1) {
      throw new VerifyError(
        'day_not_witnessed',
        file,
        `its entries are of ${firstDay} to ${lastDay}, but ${name} cosigned on another day`,
      )
    }
  }
}

/** The UTC day of a time in POSIX seconds. */
export function utcDay(seconds: number): string {
  return new Date(1000 * seconds).toISOString().slice(0, 10)
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / (1000 * DAY_SECONDS)
}
