import { parse } from 'csv-parse/sync'
import {
  type ACCESS,
  type CentreLine,
  type CentreList,
  encodeCentreList,
  type OpeningHours,
  type PublicCentre,
  parseCentreList,
  WEEKDAYS,
} from '../declaration/centre-list.ts'
import { DeclarationError } from '../declaration/error.ts'
import { ImportError } from './error.ts'

export const CENTRES_CSV_MAX_BYTES = 8 * 1024 * 1024

/** One row a line; the columns of a centre stand in its first row, and may be repeated or left empty in the others. */
export const CENTRE_COLUMNS = [
  'centre',
  'public',
  'kind',
  'name_en',
  'name_zh_hans',
  'name_zh_hant',
  'country',
  'city_en',
  'city_zh_hans',
  'city_zh_hant',
  'latitude',
  'longitude',
  'time_zone',
  'access',
  'holidays',
  'line_kind',
  'line',
  'line_languages',
  'line_hours',
] as const
type Column = (typeof CENTRE_COLUMNS)[number]
type Row = { readonly [column in Column]: string } & { readonly number: number }

export type CentresFromCsv = {
  readonly list: CentreList
  /** Centres whose column `public` says no: they are not in the list, and nothing of them is. */
  readonly kept: number
}

/** Reads a table of centres, as a spreadsheet saves it. Throws ImportError that names the row and what was expected. */
export function readCentres(bytes: Uint8Array): CentresFromCsv {
  if (bytes.length > CENTRES_CSV_MAX_BYTES) {
    throw new ImportError('bad_line', `more than ${CENTRES_CSV_MAX_BYTES} bytes`)
  }
  const rows = readRows(bytes)
  const byCentre = Map.groupBy(rows, ({ centre }) => centre)
  const all = [...byCentre.values()]
  const shown = all.filter((of) => isPublic(of))
  const centres = shown.map(centreOf).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { list: checked({ format: 'avow/centres/v1', centres }), kept: all.length - shown.length }
}

function readRows(bytes: Uint8Array): Row[] {
  let records: string[][]
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    records = parse(text, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
    })
  } catch (cause) {
    if (cause instanceof TypeError) throw new ImportError('not_utf8', 'the table is not UTF-8')
    throw new ImportError('bad_line', 'not a table of comma-separated values')
  }
  const [head = [], ...lines] = records
  const unknown = head.filter((name) => !CENTRE_COLUMNS.some((column) => column === name))
  // A column that we do not know could hold anything; what is in this table is published.
  if (unknown.length > 0) throw new ImportError('bad_line', `unknown column: ${unknown[0]}`, 1)
  const missing = CENTRE_COLUMNS.filter((column) => !head.includes(column))
  if (missing.length > 0) throw new ImportError('bad_line', `missing column: ${missing[0]}`, 1)
  return lines.map((cells, i) => {
    const at = (column: Column) => cells[head.indexOf(column)] ?? ''
    const row = Object.fromEntries(CENTRE_COLUMNS.map((column) => [column, at(column)]))
    return { ...(row as { [column in Column]: string }), number: i + 2 }
  })
}

function isPublic([first]: readonly Row[]): boolean {
  if (first === undefined) return false
  const said = first.public.toLowerCase()
  if (said === 'yes' || said === 'no') return said === 'yes'
  throw new ImportError('bad_line', 'column public says yes or no', first.number)
}

function centreOf(rows: readonly Row[]): PublicCentre {
  const [first] = rows
  if (first === undefined) throw new RangeError('a centre has a row')
  const centre: PublicCentre = {
    id: first.centre,
    kind: first.kind as PublicCentre['kind'],
    name: labelsOf(first, 'name'),
    country: first.country,
    city: labelsOf(first, 'city'),
    latitude: hundredths(first, 'latitude'),
    longitude: hundredths(first, 'longitude'),
    timeZone: timeZone(first),
    access: words(first.access) as (typeof ACCESS)[number][],
    holidays: words(first.holidays).toSorted(),
    lines: rows.filter(({ line }) => line !== '').map(lineOf),
  }
  checked({ format: 'avow/centres/v1', centres: [centre] }, first.number)
  return centre
}

function lineOf(row: Row): CentreLine {
  return {
    kind: row.line_kind as CentreLine['kind'],
    address: row.line,
    languages: words(row.line_languages.toLowerCase()),
    hours: hoursOf(row),
  }
}

/** `mo-fr 09:00-17:00; sa 10:00-12:00` */
function hoursOf({ line_hours, number }: Row): OpeningHours[] {
  return line_hours
    .split(';')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
    .map((part) => {
      const found = /^([a-z]{2})(?:-([a-z]{2}))?\s+(\d\d:\d\d)-(\d\d:\d\d)$/.exec(part)
      const [, from = '', to = from, opens = '', closes = ''] = found ?? []
      const days = daysBetween(from, to)
      if (days.length === 0) {
        throw new ImportError('bad_line', 'hours are written mo-fr 09:00-17:00', number)
      }
      return { days, from: opens, to: closes }
    })
}

function daysBetween(from: string, to: string): OpeningHours['days'] {
  const names: readonly string[] = WEEKDAYS
  const [first, last] = [names.indexOf(from), names.indexOf(to)]
  if (first < 0 || last < 0) return []
  return first <= last
    ? WEEKDAYS.slice(first, last + 1)
    : [...WEEKDAYS.slice(first), ...WEEKDAYS.slice(0, last + 1)]
}

function labelsOf(row: Row, what: 'name' | 'city') {
  const english = row[`${what}_en`]
  const simplified = row[`${what}_zh_hans`]
  const traditional = row[`${what}_zh_hant`]
  const given = [english, simplified, traditional].find((label) => label !== '')
  if (given === undefined)
    throw new ImportError('bad_line', `no ${what} in any language`, row.number)
  return {
    en: (english || given).normalize('NFC'),
    'zh-hans': (simplified || given).normalize('NFC'),
    'zh-hant': (traditional || given).normalize('NFC'),
  }
}

function hundredths(row: Row, what: 'latitude' | 'longitude'): number {
  if (!/^-?\d{1,3}(?:\.\d{1,8})?$/.test(row[what])) {
    throw new ImportError('bad_line', `${what} is a number of degrees`, row.number)
  }
  // About a kilometre: a map of the world needs no more, and a private door should not be on it.
  return Math.round(Number(row[what]) * 100) + 0
}

function timeZone({ time_zone, number }: Row): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: time_zone }) && time_zone
  } catch {
    throw new ImportError('bad_line', 'time_zone is a name such as Europe/Paris', number)
  }
}

function words(cell: string): string[] {
  return cell.split(/[\s,;]+/).filter((word) => word !== '')
}

function checked(list: CentreList, row?: number): CentreList {
  try {
    return parseCentreList(encodeCentreList(list))
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    throw new ImportError('bad_line', error.message, row)
  }
}
