import { type Choice, labelIn } from '../../../../declaration/form-definition.ts'
import { countChars, tidyLine } from '../../../../declaration/text.ts'
import type { FieldProblem } from '../../../../ui/form.ts'
import { select, textField } from '../../../../ui/form.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import type { AboutAnswers } from '../answers.ts'
import { type FormContext, offered, type Step } from '../form-context.ts'

export const aboutStep: Step = {
  id: 'about',
  appliesTo: () => true,
  title: ({ t }) => t('aboutTitle'),
  read: (fields, answers, { form }) => ({
    ...answers,
    about: {
      sector: offered(fields.get('sector'), ids(form.sectors)),
      standing: offered(fields.get('standing'), ids(form.standings)),
      position: tidyLine(fields.get('position') ?? ''),
      region: offered(fields.get('region'), ids(form.regions)),
    },
  }),
  check: ({ about }, { t, form }) => {
    if (countChars(about.position) <= form.positionMaxChars) return []
    const message = t('aboutPositionLong', { max: form.positionMaxChars })
    return [{ field: 'position', message }]
  },
  view: ({ who, about }, context, problems) => {
    const { t, form } = context
    return html`<h1>${t(who === 'asked' ? 'aboutHeadingAsked' : 'aboutHeading')}</h1>
<p>${t('aboutHint')}</p>
<p class="warning">${t('aboutFew', { k: form.minimumGroup.k })}</p>
${choose('sector', t('aboutSector'), form.sectors, about, context, problems)}
${choose('standing', t('aboutStanding'), form.standings, about, context, problems)}
${textField({
  name: 'position',
  label: t('optional', { label: t('aboutPosition') }),
  hint: t('aboutPositionHint', { max: form.positionMaxChars }),
  problems,
  value: about.position,
})}${form.regions.length > 0 && choose('region', t('aboutRegion'), form.regions, about, context, problems, t('aboutRegionHint'))}`
  },
}

function choose(
  name: 'sector' | 'standing' | 'region',
  label: string,
  choices: readonly Choice[],
  about: AboutAnswers,
  { t, language }: FormContext,
  problems: readonly FieldProblem[],
  hint?: string,
): Markup {
  const offers = choices
    .filter(({ id }) => id !== 'unstated')
    .map((choice) => ({ value: choice.id, label: labelIn(choice.label, language) }))
  return select({
    name,
    label: t('optional', { label }),
    hint,
    problems,
    value: about[name],
    options: [{ value: '', label: t('aboutNothing') }, ...offers],
  })
}

function ids(choices: readonly Choice[]): readonly string[] {
  return choices.map(({ id }) => id)
}
