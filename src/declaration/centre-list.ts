import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { DeclarationError } from './error.ts'
import type { Labels } from './form-definition.ts'
import { ID, LANGUAGE, whole } from './grammar.ts'
import {
  checkedText,
  integer,
  listOf,
  object,
  oneOf,
  parseCanonicalJson,
  recordOf,
  text,
} from './json-shape.ts'
import { checkLine } from './text.ts'

export const CENTRE_LIST_MAX_BYTES = 4 * 1024 * 1024
const CENTRES_MAX = 5000
const NAME_MAX_CHARS = 120

export const CENTRE_KINDS = ['global', 'regional', 'station'] as const
export type CentreKind = (typeof CENTRE_KINDS)[number]
export const LINE_KINDS = [
  'telephone',
  'fax',
  'email',
  'post',
  'sms',
  'chat',
  'web',
  'visit',
] as const
export type LineKind = (typeof LINE_KINDS)[number]
export const ACCESS = ['step-free', 'toilet', 'seating', 'hearing-loop', 'sign-language'] as const
export const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** When a line is attended, in the time zone of its centre; `to` before `from` is on the next day. */
export type OpeningHours = {
  readonly days: readonly Weekday[]
  readonly from: string
  readonly to: string
}

export type CentreLine = {
  readonly kind: LineKind
  /** What is dialled, written to or walked to. */
  readonly address: string
  /** Languages spoken there, BCP 47. */
  readonly languages: readonly string[]
  /** Empty: at any time. */
  readonly hours: readonly OpeningHours[]
}

/** What is meant to be known of one centre, and nothing else: this list is published. */
export type PublicCentre = {
  readonly id: string
  readonly kind: CentreKind
  readonly name: Labels
  /** ISO 3166-1, two letters. */
  readonly country: string
  readonly city: Labels
  /** Hundredths of a degree, north and east positive. */
  readonly latitude: number
  readonly longitude: number
  /** IANA name. */
  readonly timeZone: string
  readonly access: readonly (typeof ACCESS)[number][]
  /** Days on which nobody is there. */
  readonly holidays: readonly string[]
  readonly lines: readonly CentreLine[]
}

export type CentreList = {
  readonly format: 'avow/centres/v1'
  readonly centres: readonly PublicCentre[]
}

const line = (max: number) => checkedText((value) => checkLine(value, max))
const labels = recordOf(whole(LANGUAGE), line(NAME_MAX_CHARS), 8)
const time = text(5, /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/)
const calendarDay = text(10, /^\d{4}-\d\d-\d\d$/)

const listShape = object({
  format: oneOf(['avow/centres/v1']),
  centres: listOf(
    object({
      id: text(48, whole(ID)),
      kind: oneOf(CENTRE_KINDS),
      name: labels,
      country: text(2, /^[A-Z]{2}$/),
      city: labels,
      latitude: integer(-9000, 9000),
      longitude: integer(-18_000, 18_000),
      timeZone: text(64, /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){0,2}$/),
      access: listOf(oneOf(ACCESS), 0, ACCESS.length),
      holidays: listOf(calendarDay, 0, 366),
      lines: listOf(
        object({
          kind: oneOf(LINE_KINDS),
          address: line(200),
          languages: listOf(text(35, whole(LANGUAGE)), 0, 40),
          hours: listOf(
            object({ days: listOf(oneOf(WEEKDAYS), 1, 7), from: time, to: time }),
            0,
            21,
          ),
        }),
        0,
        40,
      ),
    }),
    0,
    CENTRES_MAX,
  ),
})

/** What the `centres` event says of a list. */
export type CentreTotals = { readonly countries: number; readonly centres: number }

export function encodeCentreList(list: CentreList): Uint8Array {
  return utf8(canonicalJson(list))
}

/** Throws `bad_centres`: an id twice, an unknown field, anything beyond its bounds. */
export function parseCentreList(bytes: Uint8Array): CentreList {
  const list = parseCanonicalJson(bytes, CENTRE_LIST_MAX_BYTES, listShape, 'bad_centres')
  const ids = new Set(list.centres.map(({ id }) => id))
  if (ids.size !== list.centres.length) throw new DeclarationError('bad_centres', 'an id twice')
  return list
}

export function centreTotals({ centres }: CentreList): CentreTotals {
  return {
    countries: new Set(centres.map(({ country }) => country)).size,
    centres: centres.length,
  }
}
