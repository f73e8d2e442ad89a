import { labelIn } from '../../../../declaration/form-definition.ts'
import { checkboxes, type FieldProblem, radios } from '../../../../ui/form.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import type { Answers, Consents } from '../answers.ts'
import { type FormContext, offered, type Step } from '../form-context.ts'
import { chosenName, isFilled, listOthers } from '../list-others.ts'
import { type ConsentId, readConsents } from './consents-step.ts'

/** What others can be asked here: nothing is known of their position. */
const ASKED: readonly ConsentId[] = ['text', 'name', 'bulletin', 'broadcast']

export const othersConsentsStep: Step = {
  id: 'others-consents',
  appliesTo: (answers) =>
    answers.who === 'group' &&
    (answers.others.entry === 'rows'
      ? answers.others.rows.some(isFilled)
      : answers.others.paste.trim() !== ''),
  title: ({ t }) => t('othersConsentsTitle'),
  read: (fields, answers) => {
    const asked = offered(fields.get('asked'), ['yes', 'no'])
    const rows = answers.others.rows.map((row, i) => ({
      ...row,
      consents: readConsents(fields, `consent-${i}`, ASKED),
    }))
    const pasteConsents = readConsents(fields, 'consent-all', ASKED)
    return { ...answers, others: { ...answers.others, asked, rows, pasteConsents } }
  },
  check: ({ others: { asked } }, { t }) =>
    asked === '' ? [{ field: 'asked', message: t('othersConsentsMissing') }] : [],
  view: (answers, context, problems) => {
    const { t } = context
    const { asked, entry } = answers.others
    return html`<h1>${t('othersConsentsHeading')}</h1>
${radios({
  name: 'asked',
  label: t('othersConsentsAsked'),
  problems,
  choices: [
    { value: 'yes', label: t('othersConsentsYes'), checked: asked === 'yes' },
    {
      value: 'no',
      label: t('othersConsentsNo'),
      hint: t('othersConsentsNoHint'),
      checked: asked === 'no',
    },
  ],
})}${entry === 'rows' ? eachPerson(answers, context, problems) : allTogether(answers, context, problems)}`
  },
}

/** Whether the others are `consented`: each answered each point. Otherwise they are relayed and only counted. */
export function othersAnswered({ others }: Answers): boolean {
  return others.asked === 'yes'
}

function eachPerson(
  { others }: Answers,
  context: FormContext,
  problems: readonly FieldProblem[],
): Markup {
  return html`<h2>${context.t('othersConsentsGrid')}</h2>
${others.rows.map((row, i) => {
  if (!isFilled(row)) return null
  const number = i + 2
  const name = chosenName(row)
  const person = context.t('othersPerson', { number })
  const asked = name === '' ? ASKED.filter((id) => id !== 'name') : ASKED
  return checkboxes({
    name: `consent-${i}`,
    label: html`${person}${name !== '' && html` <bdi>${name}</bdi>`}`,
    problems,
    choices: consentChoices(asked, row.consents, context),
  })
})}`
}

function allTogether(
  answers: Answers,
  context: FormContext,
  problems: readonly FieldProblem[],
): Markup {
  const count = listOthers(answers, context).length
  return checkboxes({
    name: 'consent-all',
    label: html`${context.t('othersConsentsAll')} (${count})`,
    problems,
    choices: consentChoices(ASKED, answers.others.pasteConsents, context),
  })
}

function consentChoices(
  asked: readonly ConsentId[],
  given: Consents,
  { form, language }: FormContext,
) {
  return form.consents.flatMap(({ id, label }) => {
    const consent = asked.find((known) => known === id)
    if (consent === undefined) return []
    return [{ value: id, label: labelIn(label, language), checked: given[consent] }]
  })
}
