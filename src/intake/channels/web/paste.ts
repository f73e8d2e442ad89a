import type { FormDefinition } from '../../../declaration/form-definition.ts'
import { tidyLine } from '../../../declaration/text.ts'

export const PASTE_MAX_PERSONS = 499
/** Twice what 499 full lines need; beyond it a line is no name. */
export const PASTE_MAX_CHARS = 100_000

export interface PastedPerson {
  readonly name: string
  /** Empty when the line names none: those chosen for the whole list then hold. */
  readonly organisations: readonly string[]
}

/**
 * One person a line: a name, then the numbers or names of the organisations of the form, in any order of
 * separators. What is not an organisation is the name; nobody's organisations are guessed from prose.
 */
export function parsePaste(text: string, form: FormDefinition): readonly PastedPerson[] {
  const idOf = organisationWords(form)
  return text
    .split('\n')
    .map(tidyLine)
    .filter((line) => line !== '')
    .map((line) => parseLine(line, idOf))
}

function parseLine(line: string, idOf: ReadonlyMap<string, string>): PastedPerson {
  const parts = line.split(/([\s,，、;；|/]+)/u)
  const organisations = new Set<string>()
  // From the end: what follows the name is organisations; a number inside a name stays in it.
  while (parts.length > 1) {
    const id = idOf.get(wordKey(parts.at(-1) ?? ''))
    if (id === undefined && parts.at(-1) !== '') break
    if (id !== undefined) organisations.add(id)
    parts.splice(-2)
  }
  return { name: parts.join('').trim(), organisations: [...organisations].sort() }
}

/** What may be written for an organisation: its number in the form, its id, its label in any language. */
function organisationWords(form: FormDefinition): ReadonlyMap<string, string> {
  const words = form.organisations.flatMap(({ id, label }, i) =>
    [String(i + 1), id, ...Object.values(label)].map((word) => [wordKey(word), id] as const),
  )
  return new Map(words)
}

function wordKey(word: string): string {
  return word.normalize('NFKC').toLowerCase().trim()
}
