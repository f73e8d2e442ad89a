import { labelIn } from '../../../../declaration/form-definition.ts'
import { html, type Markup, type MarkupValue } from '../../../../ui/html.ts'
import type { Answers } from '../answers.ts'
import type { DraftSubmission } from '../build-submission.ts'
import { type FormContext, labelOf, type StepId } from '../form-context.ts'
import { organisationsInWords } from '../organisation-choices.ts'
import { applicableSteps } from '../steps.ts'

/** What was answered, each line with the way back to its question. */
export function answerFacts(
  answers: Answers,
  draft: DraftSubmission,
  context: FormContext,
): Markup {
  const rows = applicableSteps(answers).map(({ id }) => factRow(id, answers, draft, context))
  return html`<dl class="facts">${rows}</dl>`
}

function factRow(
  id: StepId,
  answers: Answers,
  draft: DraftSubmission,
  context: FormContext,
): Markup {
  const { t } = context
  const label = factLabel(id, context)
  return html`<div><dt>${label}</dt><dd>${factValue(id, answers, draft, context)}</dd>
<dd><button class="plain" name="go" value="edit-${id}" formnovalidate aria-label="${t('changeWhat', { what: label })}">${t('change')}</button></dd></div>
`
}

function factLabel(id: StepId, { t }: FormContext): string {
  switch (id) {
    case 'who':
      return t('checkWho')
    case 'script':
      return t('checkScript')
    case 'organisations':
      return t('checkOrganisations')
    case 'name':
      return t('checkName')
    case 'others':
      return t('checkOthers')
    case 'about':
      return t('checkAbout')
    case 'words':
      return t('checkWords')
    case 'consents':
      return t('checkConsents')
    case 'others-consents':
      return t('checkOthersConsents')
  }
}

function factValue(
  id: StepId,
  answers: Answers,
  draft: DraftSubmission,
  context: FormContext,
): MarkupValue {
  const { t } = context
  const { first, who, scriptAnswered, others } = answers
  switch (id) {
    case 'who':
      return t(who === 'group' ? 'whoGroup' : who === 'asked' ? 'whoAsked' : 'whoSelf')
    case 'script':
      return t(scriptAnswered === 'yes' ? 'scriptYes' : 'scriptNo')
    case 'organisations':
      return organisationsInWords(first.organisations, context)
    case 'name':
      return nameValue(draft, context)
    case 'others':
      return t('checkOthersCount', { count: draft.persons.length - 1, claimed: draft.claimed })
    case 'about':
      return aboutValue(answers, context)
    case 'words':
      return statementMarkup(draft, context)
    case 'consents':
      return consentsValue(draft, context)
    case 'others-consents':
      return t(others.asked === 'yes' ? 'othersConsentsYes' : 'othersConsentsNo')
  }
}

function nameValue({ persons }: DraftSubmission, { t }: FormContext): MarkupValue {
  const name = persons[0]?.name
  return name ? html`<bdi>${name.value}</bdi>` : t('nameNone')
}

function aboutValue({ about }: Answers, { t, form, language }: FormContext): MarkupValue {
  const given = [
    about.sector && labelOf(form.sectors, about.sector, language),
    about.standing && labelOf(form.standings, about.standing, language),
    about.position && html`<bdi>${about.position}</bdi>`,
    about.region && labelOf(form.regions, about.region, language),
  ].filter(Boolean)
  if (given.length === 0) return t('notGiven')
  return given.map((value, i) => html`${i > 0 && ' · '}${value}`)
}

/** The statement in its own language and direction, with its line breaks. */
export function statementMarkup(
  { statement }: DraftSubmission,
  { form, language }: FormContext,
): Markup {
  if (statement.kind === 'own') {
    return html`<div class="statement" lang="${statement.language}" dir="auto">${statement.text}</div>`
  }
  const standard = form.standardTexts.find(({ id }) => id === statement.id)
  return html`<div class="statement">${standard && labelIn(standard.text, language)}</div>`
}

function consentsValue(
  { persons }: DraftSubmission,
  { t, form, language }: FormContext,
): MarkupValue {
  const given = new Map(Object.entries(persons[0]?.consents ?? {}))
  const labels = form.consents.flatMap(({ id, label }) =>
    given.get(id) ? [html`<li>${labelIn(label, language)}</li>`] : [],
  )
  return labels.length === 0 ? t('checkNothingMore') : html`<ul>${labels}</ul>`
}
