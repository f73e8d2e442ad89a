import { checkbox, checkboxes, headingLabel } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import type { Step } from '../form-context.ts'
import {
  organisationChoices,
  readOrganisations,
  saysBoth,
  unstatedChoice,
} from '../organisation-choices.ts'

export const organisationsStep: Step = {
  id: 'organisations',
  appliesTo: () => true,
  title: ({ t }) => t('organisationsTitle'),
  read: (fields, answers, context) => ({
    ...answers,
    first: { ...answers.first, organisations: readOrganisations(fields, 'organisation', context) },
  }),
  check: ({ first: { organisations } }, { t }) => {
    const field = 'organisation'
    if (organisations.length === 0) return [{ field, message: t('organisationsMissing') }]
    return saysBoth(organisations) ? [{ field, message: t('organisationsBoth') }] : []
  },
  view: (answers, context, problems) => {
    const { t, texts } = context
    const { organisations } = answers.first
    const heading = answers.who === 'asked' ? 'organisationsHeadingAsked' : 'organisationsHeading'
    return html`${checkboxes({
      name: 'organisation',
      label: headingLabel(t(heading)),
      hint: texts.organisations[0] ?? '',
      problems,
      choices: organisationChoices(organisations, context),
    })}<p>${t('organisationsOr')}</p>
${checkbox('organisation', unstatedChoice(organisations, context), 'organisation-unstated')}
${texts.organisations.slice(1).map((paragraph) => html`<p class="hint">${paragraph}</p>`)}`
  },
}
