import { type Language, languageFacts, languages } from '../i18n/languages.ts'

interface Formats {
  readonly number: Intl.NumberFormat
  readonly day: Intl.DateTimeFormat
  readonly month: Intl.DateTimeFormat
  readonly moment: Intl.DateTimeFormat
  readonly languageNames: Intl.DisplayNames
  readonly countryNames: Intl.DisplayNames
  readonly weekday: Intl.DateTimeFormat
}

// Making one costs more than a page; using one costs nothing.
const formats = new Map<Language, Formats>(
  languages.map((language) => {
    const tag = language === 'en' ? 'en-GB' : languageFacts[language].tag
    const dates = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options })
    const day = { year: 'numeric', month: 'long', day: 'numeric' } as const
    return [
      language,
      {
        number: new Intl.NumberFormat(tag),
        day: dates(day),
        month: dates({ year: 'numeric', month: 'long' }),
        moment: dates({ ...day, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
        languageNames: new Intl.DisplayNames([tag], { type: 'language' }),
        countryNames: new Intl.DisplayNames([tag], { type: 'region' }),
        weekday: dates({ weekday: 'short' }),
      },
    ]
  }),
)

export function formatNumber(language: Language, value: number): string {
  return of(language).number.format(value)
}

/** A calendar day as the register writes it, YYYY-MM-DD. */
export function formatDay(language: Language, day: string): string {
  return of(language).day.format(new Date(`${day}T00:00:00Z`))
}

/** YYYY-MM */
export function formatMonth(language: Language, month: string): string {
  return of(language).month.format(new Date(`${month}-01T00:00:00Z`))
}

/** Day and minute in UTC, of a time the register itself published. */
export function formatMoment(language: Language, moment: Date): string {
  return of(language).moment.format(moment)
}

/** The name of a statement's language in the page's language. */
export function formatLanguage(language: Language, tag: string): string {
  return of(language).languageNames.of(tag) ?? tag
}

/** ISO 3166-1, two letters. */
export function formatCountry(language: Language, country: string): string {
  return of(language).countryNames.of(country) ?? country
}

/** Counted from Monday, as 0. */
export function formatWeekday(language: Language, weekday: number): string {
  // 5 January 1970 was a Monday.
  return of(language).weekday.format(new Date((4 + weekday) * 24 * 60 * 60 * 1000))
}

function of(language: Language): Formats {
  const found = formats.get(language)
  if (found === undefined) throw new TypeError(`no formats for ${language}`)
  return found
}
