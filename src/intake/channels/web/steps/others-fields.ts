import { NAME_MAX_CHARS } from '../../../../declaration/text.ts'
import {
  checkboxes,
  type FieldProblem,
  radios,
  select,
  textArea,
  textField,
} from '../../../../ui/form.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import type { OthersAnswers, PersonAnswers } from '../answers.ts'
import { type FormContext, labelOf } from '../form-context.ts'
import { organisationChoices, unstatedChoice } from '../organisation-choices.ts'
import { PASTE_MAX_PERSONS } from '../paste.ts'

type Problems = readonly FieldProblem[]

/** A row a person; empty rows are nobody. */
export function rowFields(
  { rows }: OthersAnswers,
  context: FormContext,
  problems: Problems,
  rowsMax: number,
): Markup {
  const { t } = context
  return html`${rows.map((row, i) => rowField(row, i, context, problems))}
<p class="actions">${
    rows.length < rowsMax &&
    html`<button class="button second" name="go" value="more" formnovalidate>${t('othersMore')}</button>`
  } <button class="plain" name="go" value="paste" formnovalidate>${t(rows.length < rowsMax ? 'othersToPaste' : 'othersRowsTooMany')}</button></p>`
}

export function pasteFields(
  others: OthersAnswers,
  context: FormContext,
  problems: Problems,
): Markup {
  const { t, form, language } = context
  const numbers = form.organisations
    .map(({ id }, i) => `${i + 1} ${labelOf(form.organisations, id, language)}`)
    .join(language === 'en' ? ', ' : '，')
  const example =
    language === 'en' ? 'Wei Wei, 1 2' : language === 'zh-hans' ? '小韦 1 2' : '小韋 1 2'
  return html`${textArea({
    name: 'paste',
    label: t('othersPaste'),
    hint: t('othersPasteHint', { example, max: PASTE_MAX_PERSONS, numbers }),
    problems,
    value: others.paste,
  })}${checkboxes({
    name: 'paste-organisation',
    label: t('othersPasteOrganisations'),
    problems,
    choices: [
      ...organisationChoices(others.pasteOrganisations, context),
      unstatedChoice(others.pasteOrganisations, context),
    ],
  })}${radios({
    name: 'paste-kind',
    label: t('othersPasteKind'),
    problems,
    choices: [
      { value: 'alias', label: t('othersPasteAlias'), checked: others.pasteNameKind === 'alias' },
      { value: 'real', label: t('othersPasteReal'), checked: others.pasteNameKind === 'real' },
    ],
  })}<p class="actions"><button class="plain" name="go" value="rows" formnovalidate>${t('othersToRows')}</button></p>`
}

function rowField(row: PersonAnswers, i: number, context: FormContext, problems: Problems): Markup {
  const { t } = context
  return html`<fieldset class="row"><legend>${t('othersPerson', { number: i + 2 })}</legend>
${textField({
  name: `row-${i}-name`,
  label: t('optional', { label: t('othersName') }),
  hint: i === 0 ? t('othersNameHint', { max: NAME_MAX_CHARS }) : undefined,
  problems,
  value: row.name,
})}${select({
  name: `row-${i}-kind`,
  label: t('othersNameKind'),
  problems,
  value: row.nameKind === '' ? 'alias' : row.nameKind,
  options: [
    { value: 'alias', label: t('othersKindAlias') },
    { value: 'real', label: t('othersKindReal') },
    { value: 'generated', label: t('othersKindGenerated') },
  ],
})}${checkboxes({
  name: `row-${i}-organisation`,
  label: t('othersOrganisations'),
  problems,
  choices: [
    ...organisationChoices(row.organisations, context),
    unstatedChoice(row.organisations, context),
  ],
})}</fieldset>
`
}
