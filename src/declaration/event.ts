import { formatLines, parseLines } from '../encoding/lines.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import { type AnyEventLine, EVENT_TABLE, type EventLine } from './event-table.ts'
import { COUNT, DAY, whole } from './grammar.ts'

export const EVENT_MAX_BYTES = 16 * 1024
const EVENT_LINE_MAX_TIMES = 256

type Table = typeof EVENT_TABLE
export type EventType = keyof Table
type ValueOf<Line> =
  Line extends EventLine<infer T, 'one'>
    ? T
    : Line extends EventLine<infer T, 'maybe'>
      ? T | null
      : Line extends EventLine<infer T, 'many'>
        ? readonly T[]
        : never

/** An event of one type: the fields of its row in the table, null where a line that may be missing is. */
export type EventOf<Type extends EventType> = {
  readonly type: Type
  readonly day: string
  /** Size of the declaration log that the event was made against. */
  readonly size: number
} & { readonly [Field in keyof Table[Type]]: ValueOf<Table[Type][Field]> }
export type LogEvent = { [Type in EventType]: EventOf<Type> }[EventType]

const ACT_TYPES = ['withdraw', 'restore', 'confirm', 'rekey', 'correct', 'redact'] as const
export type ActType = (typeof ACT_TYPES)[number]
/** An event that changes one declaration. */
export type ActEvent = { [Type in ActType]: EventOf<Type> }[ActType]

type Field = AnyEventLine & { readonly field: string; readonly pattern: RegExp }
const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(EVENT_TABLE).map(([type, lines]) => [type, fieldsOf(lines)]),
)
const DAY_LINE = whole(`day (${DAY})`)
const SIZE_LINE = whole(`size (${COUNT})`)

export function isAct(event: LogEvent): event is ActEvent {
  return ACT_TYPES.some((type) => type === event.type)
}

/** Throws `bad_event` for values that would not read back. */
export function encodeEvent(event: LogEvent): Uint8Array {
  const lines = formatLines([
    'avow/event/v1',
    `type ${event.type}`,
    `day ${event.day}`,
    `size ${event.size}`,
    ...valueLines(event),
  ])
  parseEvent(lines)
  return lines
}

/** The lines of the type's own fields, in order; `except` leaves fields out. Author acts sign these. */
export function valueLines(
  event: { readonly type: EventType },
  except: readonly string[] = [],
): readonly string[] {
  const values = new Map(Object.entries(event))
  return (FIELDS.get(event.type) ?? []).flatMap(({ field, line, times, value }) => {
    if (except.includes(field)) return []
    const given: unknown = values.get(field)
    const written = times === 'many' && Array.isArray(given) ? given : [given]
    return written.flatMap((one: unknown) => (one === null ? [] : [`${line} ${value.write(one)}`]))
  })
}

/** Throws `bad_event`. The bytes may come from any log that calls itself ours. */
export function parseEvent(bytes: Uint8Array): LogEvent {
  const [version, typeLine, dayLine, sizeLine, ...lines] = readLines(bytes)
  const type = typeLine?.startsWith('type ') === true ? typeLine.slice('type '.length) : ''
  const fields = FIELDS.get(type)
  const day = DAY_LINE.exec(dayLine ?? '')?.[1]
  const size = SIZE_LINE.exec(sizeLine ?? '')?.[1]
  if (version !== 'avow/event/v1' || fields === undefined) throw badEvent('unknown type')
  if (day === undefined || !isCalendarDay(day)) throw badEvent('no such day')
  if (size === undefined) throw badEvent('no size')
  const event: { [field: string]: unknown } = { type, day, size: Number(size) }
  let rest: readonly string[] = lines
  for (const field of fields) {
    const taken = takeLines(rest, field)
    event[field.field] = taken.value
    rest = taken.rest
  }
  if (rest.length > 0) throw badEvent('unknown, repeated or misplaced line')
  // The table that made the type also made the fields just read.
  return event as LogEvent
}

function fieldsOf(lines: { readonly [field: string]: AnyEventLine }): readonly Field[] {
  return Object.entries(lines).map(([field, line]) => {
    return { ...line, field, pattern: whole(line.value.pattern) }
  })
}

function takeLines(
  lines: readonly string[],
  { line, times, value, pattern }: Field,
): { readonly value: unknown; readonly rest: readonly string[] } {
  const found = lines.findIndex((candidate) => !candidate.startsWith(`${line} `))
  const length = found === -1 ? lines.length : found
  if (times === 'one' && length === 0) throw badEvent(`${line} missing`)
  if (times !== 'many' && length > 1) throw badEvent(`${line} repeated`)
  if (length > EVENT_LINE_MAX_TIMES) throw badEvent(`${line} repeated too often`)
  const values = lines.slice(0, length).map((candidate) => {
    const written = candidate.slice(line.length + 1)
    if (!pattern.test(written)) throw badEvent(`${line} does not fit the grammar`)
    return readValue(value, written)
  })
  return {
    value: times === 'many' ? values : (values[0] ?? null),
    rest: lines.slice(length),
  }
}

function readValue(value: AnyEventLine['value'], written: string): unknown {
  try {
    return value.read(written)
  } catch (cause) {
    throw new DeclarationError('bad_event', 'a value does not read', cause)
  }
}

function readLines(bytes: Uint8Array): string[] {
  try {
    return parseLines(bytes, EVENT_MAX_BYTES)
  } catch (cause) {
    throw new DeclarationError('bad_event', 'not lines', cause)
  }
}

function badEvent(message: string): DeclarationError {
  return new DeclarationError('bad_event', message)
}
