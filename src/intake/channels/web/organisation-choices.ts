import { labelIn } from '../../../declaration/form-definition.ts'
import { type Language, languageFacts } from '../../../i18n/languages.ts'
import type { ChoiceOption } from '../../../ui/form.ts'
import type { FormContext } from './form-context.ts'

const UNSTATED = 'unstated'

// Making one takes longer than a page; a group's page shows hundreds of lists.
const lists: Readonly<Record<Language, Intl.ListFormat>> = {
  en: new Intl.ListFormat(languageFacts.en.tag),
  'zh-hans': new Intl.ListFormat(languageFacts['zh-hans'].tag),
  'zh-hant': new Intl.ListFormat(languageFacts['zh-hant'].tag),
}

/** What was ticked, sorted as a leaf has it; ids the form does not offer are left out. */
export function readOrganisations(
  fields: URLSearchParams,
  name: string,
  { form }: Pick<FormContext, 'form'>,
): readonly string[] {
  const ticked = new Set(fields.getAll(name))
  const ids = [...form.organisations.map(({ id }) => id), UNSTATED]
  return ids.filter((id) => ticked.has(id)).sort()
}

/** `unstated` stands alone in a leaf. */
export function saysBoth(organisations: readonly string[]): boolean {
  return organisations.length > 1 && organisations.includes(UNSTATED)
}

export function organisationChoices(
  chosen: readonly string[],
  { form, language }: Pick<FormContext, 'form' | 'language'>,
): readonly ChoiceOption[] {
  return form.organisations.map(({ id, label }) => ({
    value: id,
    label: labelIn(label, language),
    checked: chosen.includes(id),
  }))
}

export function unstatedChoice(
  chosen: readonly string[],
  { t }: Pick<FormContext, 't'>,
): ChoiceOption {
  return {
    value: UNSTATED,
    label: t('organisationsUnstated'),
    checked: chosen.includes(UNSTATED),
  }
}

export function organisationsInWords(
  chosen: readonly string[],
  context: Pick<FormContext, 't' | 'form' | 'language'>,
): string {
  const { t, form, language } = context
  if (chosen.includes(UNSTATED)) return t('organisationsUnstated')
  const labels = form.organisations
    .filter(({ id }) => chosen.includes(id))
    .map(({ label }) => labelIn(label, language))
  return lists[language].format(labels)
}
