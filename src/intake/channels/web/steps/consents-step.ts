import { labelIn } from '../../../../declaration/form-definition.ts'
import { checkboxes, headingLabel } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import { type Answers, type Consents, isRelayed, noConsents } from '../answers.ts'
import type { FormContext, Step } from '../form-context.ts'

export type ConsentId = keyof Consents

/** Each consent alone. Only those are asked that could have an effect on what was answered. */
export const consentsStep: Step = {
  id: 'consents',
  appliesTo: (answers) => !isRelayed(answers),
  title: ({ t }) => t('consentsTitle'),
  read: (fields, answers, context) => ({
    ...answers,
    consentsGiven: true,
    first: {
      ...answers.first,
      consents: readConsents(fields, 'consent', askedConsents(answers, context)),
    },
  }),
  check: ({ consentsGiven }, { t }) =>
    consentsGiven ? [] : [{ field: 'consent', message: t('consentsHint') }],
  view: (answers, context, problems) => {
    const { t, form, language } = context
    const asked = askedConsents(answers, context)
    const choices = form.consents.flatMap(({ id, label }) => {
      const consent = asked.find((known) => known === id)
      if (consent === undefined) return []
      const checked = answers.first.consents[consent]
      return [{ value: id, label: labelIn(label, language), checked }]
    })
    const heading = answers.who === 'asked' ? 'consentsHeadingAsked' : 'consentsHeading'
    return html`${checkboxes({
      name: 'consent',
      label: headingLabel(t(heading)),
      hint: html`${t('consentsCount')} ${t('consentsHint')}`,
      problems,
      choices,
    })}`
  },
}

export function askedConsents(answers: Answers, { form }: FormContext): readonly ConsentId[] {
  const { first, about } = answers
  const hasName = first.nameKind !== 'none' && first.nameKind !== ''
  const identifying = about.position !== '' || about.region !== ''
  const asked: Readonly<Record<ConsentId, boolean>> = {
    text: true,
    name: hasName,
    position: about.position !== '',
    few: identifying,
    bulletin: true,
    broadcast: true,
  }
  const ids = Object.keys(noConsents).filter((id): id is ConsentId => id in asked)
  return ids.filter((id) => asked[id] && form.consents.some((consent) => consent.id === id))
}

export function readConsents(
  fields: URLSearchParams,
  name: string,
  asked: readonly ConsentId[],
): Consents {
  const ticked = new Set(fields.getAll(name))
  const given = asked.filter((id) => ticked.has(id)).map((id) => [id, true])
  return { ...noConsents, ...Object.fromEntries(given) }
}
