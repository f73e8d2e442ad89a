import { type Answers, emptyPerson, type PersonAnswers } from './answers.ts'
import type { FormContext } from './form-context.ts'
import { parsePaste } from './paste.ts'

/** The other members of a group that make declarations, from the rows or from the pasted list. */
export function listOthers(answers: Answers, { form }: FormContext): readonly PersonAnswers[] {
  if (answers.who !== 'group') return []
  const { entry, rows, paste, pasteNameKind, pasteOrganisations, pasteConsents } = answers.others
  if (entry === 'rows') return rows.filter(isFilled)
  return parsePaste(paste, form).map(({ name, organisations }) => ({
    ...emptyPerson,
    nameKind: pasteNameKind,
    name,
    organisations: organisations.length > 0 ? organisations : pasteOrganisations,
    consents: pasteConsents,
  }))
}

/** A row in which anything was answered. */
export function isFilled({ name, nameKind, organisations }: PersonAnswers): boolean {
  return name !== '' || organisations.length > 0 || nameKind === 'generated'
}

/** The name that stands with a person's declaration, or nothing for who is only counted. */
export function chosenName({ nameKind, name, generatedName }: PersonAnswers): string {
  if (nameKind === 'generated') return generatedName
  return nameKind === 'alias' || nameKind === 'real' ? name : ''
}

/** Zero for an empty field; undefined for what is no such number. */
export function claimedNumber(answers: Answers): number | undefined {
  if (answers.who !== 'group') return 0
  const typed = answers.others.claimed.normalize('NFKC').replaceAll(/[\s,，]/g, '')
  if (typed === '') return 0
  return /^\d{1,7}$/.test(typed) ? Number(typed) : undefined
}
