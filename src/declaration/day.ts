import { DAY, whole } from './grammar.ts'

const DAY_PATTERN = whole(DAY)
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether `text` is a day that exists, YYYY-MM-DD, 1900 to 2099. Days carry no zone: they are UTC days. */
export function isCalendarDay(text: string): boolean {
  if (!DAY_PATTERN.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = month === 2 && leap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0)
  return Number(text.slice(8)) <= length
}
