import type { Survey } from '../../importing/survey.ts'

/** What a key holder reads before signing, and an operator before importing. */
export function surveyText(survey: Survey): string {
  const { statements, persons, claimed, mismatches, repeats, unknown } = survey
  const lines = [
    `${statements} statements name ${persons} persons. Each named person becomes one declaration of evidence "legacy".`,
    `${claimed} further persons are only claimed: they make no declarations.`,
    `${mismatches} statements speak for another number of persons than they name; ${repeats} repeat an earlier one.`,
    '',
    'Statements by language:',
    ...table(survey.languages),
    'Declarations by the organisations they leave:',
    ...table(survey.organisations),
  ]
  if (unknown > 0) {
    lines.push(
      '',
      `${unknown} declarations name organisations in words that are not known; they say "unstated". The commonest:`,
      ...survey.unknownProse.map(({ written, declarations }) => `  ${declarations}  ${written}`),
    )
  }
  lines.push('', 'Some statements, drawn by their hashes:')
  for (const { line, language, text, listed, claimed: more, first } of survey.samples) {
    const who =
      first === null ? 'nobody named' : `${first.name ?? 'no name'} (${first.orgs.join(', ')})`
    lines.push(`  line ${line}, ${language}: ${listed} named, ${more} claimed; first: ${who}`)
    lines.push(`    ${text.replaceAll(/\s+/g, ' ')}`)
  }
  return `${lines.join('\n')}\n`
}

function table(counts: { readonly [id: string]: number }): string[] {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([id, count]) => `  ${count}  ${id}`)
}
