import { isCalendarDay } from '../declaration/day.ts'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { LANGUAGE, whole } from '../declaration/grammar.ts'
import {
  integer,
  listOf,
  nullable,
  object,
  type Shape,
  text as textOf,
} from '../declaration/json-shape.ts'
import { CLAIMED_MAX } from '../declaration/submission.ts'
import { checkLine, checkText, NAME_MAX_CHARS, tidyLine, tidyText } from '../declaration/text.ts'
import { ImportError } from './error.ts'
import type { FileLine } from './read-lines.ts'

/** One line of an archive: a statement and the people it lists, as docs/formats/import.md describes it. */
export type ArchiveStatement = {
  readonly text: string
  readonly language: string
  readonly voice: string
  readonly date: string | null
  /** How many persons the statement says it speaks for; null where it says nothing. */
  readonly persons: number | null
  readonly declarants: readonly ArchiveDeclarant[]
}

export type ArchiveDeclarant = {
  readonly name: string | null
  /** Ids of the form definition, or the archive's own words, which the register's prose table may know. */
  readonly organisations: readonly string[] | string
  readonly sector: string | null
  readonly standing: string | null
  readonly position: string | null
  readonly region: string | null
}

export const DECLARANTS_MAX = 2000
const PROSE_MAX_CHARS = 500

export type ReadArchiveLine = (line: FileLine) => ArchiveStatement

/** The reader for one form. The lines are an old system's: whatever does not fit names its line and its member. */
export function archiveReader(form: FormDefinition): ReadArchiveLine {
  const read = statementReader(form)
  return ({ number, text: written }) => {
    try {
      const value: unknown = JSON.parse(written)
      return read(value)
    } catch (cause) {
      const isShape = cause instanceof Error && !(cause instanceof SyntaxError)
      // What JSON.parse complains with quotes the line.
      throw new ImportError('bad_line', isShape ? cause.message : 'not JSON', number)
    }
  }
}

function statementReader(form: FormDefinition): (value: unknown) => ArchiveStatement {
  const id = (choices: readonly { readonly id: string }[]) =>
    nullable(member(new Set(choices.map((choice) => choice.id))))
  const declarantShape = object(
    {},
    {
      name: tidied(tidyLine, (name) => checkLine(name, NAME_MAX_CHARS)),
      organisations: organisations(new Set(form.organisations.map((one) => one.id))),
      sector: id(form.sectors),
      standing: id(form.standings),
      position: tidied(tidyLine, (position) => checkLine(position, form.positionMaxChars)),
      region: id(form.regions),
    },
  )
  const shape = object(
    { text: tidied(tidyText, checkText), language: textOf(35, whole(LANGUAGE)) },
    {
      declarants: listOf(declarantShape, 0, DECLARANTS_MAX),
      voice: id(form.voices),
      date: nullable(day),
      persons: nullable(integer(0, CLAIMED_MAX)),
    },
  )
  const usualVoice = form.voices[0]?.id ?? 'own'
  return (value) => {
    const { text: words, language, voice, date, persons, declarants } = shape(value, '$')
    if (words === null) throw new TypeError('$.text: expected a text')
    return {
      text: words,
      language,
      voice: voice ?? usualVoice,
      date: date ?? null,
      persons: persons ?? null,
      declarants: (declarants ?? []).map((one) => ({
        name: one.name ?? null,
        organisations: one.organisations ?? [],
        sector: one.sector ?? null,
        standing: one.standing ?? null,
        position: one.position ?? null,
        region: one.region ?? null,
      })),
    }
  }
}

/** Control characters, direction marks and composed letters are put in order; an empty text is none. */
function tidied(tidy: (typed: string) => string, check: (text: string) => void) {
  return (value: unknown, path: string): string | null => {
    if (value === null) return null
    if (typeof value !== 'string') throw new TypeError(`${path}: expected a text`)
    // Nearly all of an archive is in order already, and checking costs a fraction of tidying.
    if (value === value.trim() && complaint(value, check) === undefined) return value
    const text = tidy(value)
    if (text === '') return null
    const why = complaint(text, check)
    if (why !== undefined) throw new TypeError(`${path}: ${why}`)
    return text
  }
}

function complaint(text: string, check: (text: string) => void): string | undefined {
  try {
    check(text)
    return undefined
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'not in order'
  }
}

function member(known: ReadonlySet<string>): Shape<string> {
  return (value, path) => {
    if (typeof value === 'string' && known.has(value)) return value
    throw new TypeError(`${path}: expected an id of the form definition`)
  }
}

function organisations(known: ReadonlySet<string>): Shape<readonly string[] | string> {
  const ids = listOf(member(known), 0, 16)
  return (value, path) => {
    if (value === null) return []
    if (typeof value !== 'string') return [...new Set(ids(value, path))].toSorted()
    if (value.length > PROSE_MAX_CHARS) throw new TypeError(`${path}: too long`)
    return tidyLine(value)
  }
}

function day(value: unknown, path: string): string {
  if (typeof value === 'string' && isCalendarDay(value)) return value
  throw new TypeError(`${path}: expected a day, YYYY-MM-DD`)
}
