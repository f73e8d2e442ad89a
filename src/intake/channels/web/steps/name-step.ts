import { generateAlias } from '../../../../declaration/alias.ts'
import { countChars, NAME_MAX_CHARS, tidyLine } from '../../../../declaration/text.ts'
import { headingLabel, radios, textField } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import type { PersonAnswers } from '../answers.ts'
import { type FormContext, offered, type Step } from '../form-context.ts'

export const nameStep: Step = {
  id: 'name',
  appliesTo: () => true,
  title: ({ t }) => t('nameTitle'),
  enter: (answers, context) => ({
    ...answers,
    first: withGeneratedName(answers.first, context),
  }),
  read: (fields, answers, context) => {
    const again = fields.get('go') === 'another'
    const first = withGeneratedName(answers.first, context, again)
    const typed = tidyLine(fields.get('name') ?? '')
    const nameKind = offered(fields.get('name-kind'), ['none', 'generated', 'alias', 'real'])
    return { ...answers, first: { ...first, nameKind, name: typed } }
  },
  check: ({ first: { nameKind, name } }, { t }) => {
    if (nameKind === '') return [{ field: 'name-kind', message: t('nameMissing') }]
    if (nameKind === 'none' || nameKind === 'generated') return []
    if (name === '') return [{ field: 'name', message: t('nameEmpty') }]
    if (countChars(name) <= NAME_MAX_CHARS) return []
    return [{ field: 'name', message: t('nameLong', { max: NAME_MAX_CHARS }) }]
  },
  view: ({ who, first }, { t }, problems) => {
    const { nameKind, name, generatedName } = first
    return html`${radios({
      name: 'name-kind',
      label: headingLabel(t(who === 'asked' ? 'nameHeadingAsked' : 'nameHeading')),
      hint: t('nameHint'),
      problems,
      choices: [
        { value: 'none', label: t('nameNone'), checked: nameKind === 'none' },
        {
          value: 'generated',
          label: t('nameGenerated', { name: generatedName }),
          hint: t('nameGeneratedHint'),
          checked: nameKind === 'generated',
          below: html`<button class="plain" name="go" value="another" formnovalidate>${t('nameAnother')}</button>`,
        },
        { value: 'alias', label: t('nameAlias'), checked: nameKind === 'alias' },
        {
          value: 'real',
          label: t('nameReal'),
          hint: t('nameRealHint'),
          checked: nameKind === 'real',
        },
      ],
    })}${textField({
      name: 'name',
      label: t('nameField'),
      hint: t('nameFieldHint'),
      problems,
      value: name,
    })}`
  },
}

/** A made-up name is drawn once and then stays, until the person asks for another. */
export function withGeneratedName(
  person: PersonAnswers,
  { aliasWords, language, random }: FormContext,
  again = false,
): PersonAnswers {
  if (person.generatedName !== '' && !again) return person
  return { ...person, generatedName: generateAlias(aliasWords, language, random) }
}
