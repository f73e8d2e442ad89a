import type { FormDefinition } from '../declaration/form-definition.ts'
import { checkedText, listOf, object, oneOf, type Shape } from '../declaration/json-shape.ts'
import { checkLine } from '../declaration/text.ts'
import { ImportError } from './error.ts'

export const PROSE_TABLE_MAX_CHARS = 512 * 1024
const REMEMBERED_MAX = 10_000

/** What an archive's words for organisations mean in one register. Data, because it is the register's own knowledge. */
export type OrganisationProse = {
  /** Words that only introduce: `quit the …`. Taken off the front of a phrase, the longest that fits, once. */
  readonly leadIns: readonly string[]
  /** What stands between two organisations. */
  readonly separators: readonly string[]
  readonly phrases: ReadonlyMap<string, readonly string[]>
}

const word = checkedText((written) => checkLine(written, 80))
// A separator may be a word between spaces, which a line by itself may not begin with.
const separator: Shape<string> = (value, path) => {
  const trimmed = word(typeof value === 'string' ? value.trim() : value, path)
  return typeof value === 'string' ? value : trimmed
}
const tableShape = object({
  format: oneOf(['avow/organisation-prose/v1']),
  leadIns: listOf(word, 0, 256),
  separators: listOf(separator, 0, 64),
  phrases: listOf(
    object({ organisations: listOf(word, 1, 16), written: listOf(word, 1, 512) }),
    1,
    1024,
  ),
})

/** Throws `bad_prose_table`: wrong shape, an organisation the form does not have, one phrase with two meanings. */
export function parseOrganisationProse(json: string, form: FormDefinition): OrganisationProse {
  if (json.length > PROSE_TABLE_MAX_CHARS) throw badTable('too long')
  const table = readTable(json)
  const known = new Set(form.organisations.map(({ id }) => id))
  const phrases = new Map<string, readonly string[]>()
  for (const { organisations, written } of table.phrases) {
    const unknown = organisations.find((id) => !known.has(id))
    if (unknown !== undefined) throw badTable(`no organisation ${unknown} in the form`)
    for (const phrase of written) {
      const key = fold(phrase)
      if (phrases.has(key)) throw badTable(`${phrase} stands twice`)
      phrases.set(key, organisations.toSorted())
    }
  }
  return {
    leadIns: table.leadIns.map(fold).toSorted((a, b) => b.length - a.length),
    separators: table.separators.map((written) => written.normalize('NFKC').toLowerCase()),
    phrases,
  }
}

/**
 * The organisations that `prose` names, or undefined where the table does not know all of it. Nothing is guessed: one
 * unknown part makes the whole unknown, because a part that is left out would be a declaration nobody made.
 */
export function findOrganisations(
  prose: string,
  table: OrganisationProse,
): readonly string[] | undefined {
  const phrase = fold(prose)
  const whole = findPhrase(phrase, table)
  if (whole !== undefined) return whole
  const parts = split(withoutLeadIn(phrase, table), table.separators)
  const found = new Set<string>()
  for (const part of parts) {
    const organisations = findPhrase(part, table)
    if (organisations === undefined) return undefined
    for (const id of organisations) found.add(id)
  }
  return found.size === 0 ? undefined : [...found].toSorted()
}

/** `findOrganisations` that remembers: an archive says the same few things millions of times. */
export function organisationFinder(
  table: OrganisationProse,
): (prose: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>()
  return (prose) => {
    if (known.has(prose)) return known.get(prose)
    const found = findOrganisations(prose, table)
    if (known.size < REMEMBERED_MAX) known.set(prose, found)
    return found
  }
}

function findPhrase(phrase: string, table: OrganisationProse): readonly string[] | undefined {
  return table.phrases.get(phrase) ?? table.phrases.get(withoutLeadIn(phrase, table))
}

function withoutLeadIn(phrase: string, { leadIns }: OrganisationProse): string {
  const leadIn = leadIns.find((one) => phrase.startsWith(one))
  return leadIn === undefined ? phrase : trim(phrase.slice(leadIn.length))
}

function split(phrase: string, separators: readonly string[]): string[] {
  let parts = [phrase]
  for (const separatorText of separators) {
    parts = parts.flatMap((part) => part.split(separatorText))
  }
  return parts.map(trim).filter((part) => part !== '')
}

/** Full and half width, capitals, runs of spaces and what ends a sentence are all one. */
function fold(written: string): string {
  return trim(written.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' '))
}

function trim(phrase: string): string {
  return phrase.replaceAll(
    /^[\s.。,，;；:：!！"“”'‘’()（）]+|[\s.。,，;；:：!！"“”'‘’()（）]+$/g,
    '',
  )
}

function readTable(json: string) {
  try {
    const value: unknown = JSON.parse(json)
    return tableShape(value, '$')
  } catch (cause) {
    throw badTable(cause instanceof Error ? cause.message : 'not JSON')
  }
}

function badTable(message: string): ImportError {
  return new ImportError('bad_prose_table', `organisation-prose.json: ${message}`)
}
