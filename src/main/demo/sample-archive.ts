import type { FormDefinition } from '../../declaration/form-definition.ts'
import { pick, SAMPLE_LANGUAGES, sampleName, samplePost, sampleText } from './sample-words.ts'

/** Persons of ten statements in a row: mostly few, sometimes many, 13.6 on average. */
const PERSONS = [1, 1, 1, 2, 3, 5, 8, 15, 30, 70]

export type SampleOptions = {
  readonly form: FormDefinition
  /** Words for organisations as an old archive writes them; without them all are ids of the form. */
  readonly prose: readonly string[]
}

/** Line `number` of a synthetic archive, as docs/formats/import.md describes it: the same line at every call. */
export function sampleLine(number: number, { form, prose }: SampleOptions): string {
  const language = pick(SAMPLE_LANGUAGES, number)
  const count = pick(PERSONS, number)
  return JSON.stringify({
    text: sampleText(language, number),
    language,
    date: sampleDay(number),
    // Every seventh says that it speaks for more people than it names.
    persons: number % 7 === 0 ? count + 100 : count,
    declarants: Array.from({ length: count }, (_, place) => ({
      name: sampleName(language, number, place + 1),
      organisations: organisationsOf(number + place, form, prose),
      ...aboutOf(number + place, form, samplePost(language, (number + place) % 11)),
    })),
  })
}

/** How many persons the first `statements` lines name. */
export function samplePersons(statements: number): number {
  return Array.from({ length: statements }, (_, i) => pick(PERSONS, i)).reduce((a, b) => a + b, 0)
}

function organisationsOf(
  turn: number,
  { organisations }: FormDefinition,
  prose: readonly string[],
): string | string[] {
  if (prose.length > 0 && turn % 3 === 0) return pick(prose, turn)
  return [pick(organisations, turn).id]
}

function aboutOf(turn: number, { sectors, standings, regions }: FormDefinition, post: string) {
  return {
    sector: pick(sectors, turn).id,
    ...(turn % 2 === 0 ? { standing: pick(standings, turn).id } : {}),
    ...(turn % 5 === 0 ? { position: post } : {}),
    ...(regions.length > 0 && turn % 3 !== 0 ? { region: pick(regions, turn * 7).id } : {}),
  }
}

function sampleDay(number: number): string {
  const month = String((number % 12) + 1).padStart(2, '0')
  const day = String((number % 28) + 1).padStart(2, '0')
  return `${2004 + (number % 20)}-${month}-${day}`
}
