import type { Evidence, KeyOrigin } from '../../../../declaration/evidence.ts'
import type { SubmittedPerson } from '../../../../declaration/submission.ts'
import { isLanguage, languageFacts } from '../../../../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../../../../ui/html.ts'
import type { DraftSubmission } from '../build-submission.ts'
import { type FormContext, labelOf } from '../form-context.ts'
import type { WebKey } from '../messages.en.ts'
import { organisationsInWords } from '../organisation-choices.ts'
import { statementMarkup } from './answer-facts.ts'

const evidenceKeys: Readonly<Partial<Record<Evidence, WebKey>>> = {
  self: 'checkEvidenceSelf',
  consented: 'checkEvidenceConsented',
  relayed: 'checkEvidenceRelayed',
}

const keyOriginKeys: Readonly<Record<KeyOrigin, WebKey>> = {
  own: 'checkKeyOwn',
  served: 'checkKeyServed',
  handed: 'checkKeyHanded',
  '-': 'notGiven',
}

/** Exactly what the register will show for each person, before the minimum group leaves anything out. */
export function previewOf(draft: DraftSubmission, context: FormContext): Markup {
  const [first, ...others] = draft.persons
  return html`${first && personPreview(first, draft, context)}${others.length > 0 && othersPreview(others, context)}`
}

function personPreview(
  person: SubmittedPerson,
  draft: DraftSubmission,
  context: FormContext,
): Markup {
  const { t, form, language } = context
  const { about, consents, name } = person
  const shownName = consents.name && name !== null
  return html`<dl class="facts preview">
${fact(t('checkDay'), t('checkDayValue'))}
${fact(t('checkOrganisations'), organisationsInWords(person.organisations, context))}
${fact(t('checkEvidence'), evidenceInWords(person, context))}
${fact(t('checkKey'), t(keyOriginKeys[person.key]))}
${fact(t('checkShownName'), shownName ? html`<bdi>${name.value}</bdi>` : t('notShown'))}
${fact(t('checkShownText'), consents.text ? statementMarkup(draft, context) : t('notShown'))}
${fact(t('checkLanguage'), languageInWords(draft.statement.language, context))}
${fact(t('checkVoice'), labelOf(form.voices, about.voice, language))}
${about.sector && fact(t('aboutSector'), labelOf(form.sectors, about.sector, language))}
${about.standing && fact(t('aboutStanding'), labelOf(form.standings, about.standing, language))}
${about.position && fact(t('aboutPosition'), consents.position ? html`<bdi>${about.position}</bdi>` : t('notShown'))}
${about.region && fact(t('aboutRegion'), labelOf(form.regions, about.region, language))}
</dl>
${hasAbout(person) && html`<p>${consents.few ? t('checkFoldFew') : t('checkFold', { k: form.minimumGroup.k })}</p>`}`
}

function othersPreview(others: readonly SubmittedPerson[], context: FormContext): Markup {
  const { t } = context
  return html`<p>${t('checkPreviewEach')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${t('checkOthers')}"><table>
<thead><tr><th scope="col">${t('checkPerson')}</th><th scope="col">${t('checkShownName')}</th><th scope="col">${t('checkOrganisations')}</th><th scope="col">${t('checkShownText')}</th><th scope="col">${t('checkEvidence')}</th></tr></thead>
<tbody>${others.map(
    (person, i) => html`<tr><td>${i + 2}</td><td>${
      person.consents.name && person.name ? html`<bdi>${person.name.value}</bdi>` : t('notShown')
    }</td><td>${organisationsInWords(person.organisations, context)}</td><td>${
      person.consents.text ? t('yes') : t('no')
    }</td><td>${evidenceInWords(person, context)}</td></tr>
`,
  )}</tbody></table></div>
`
}

function fact(label: string, value: MarkupValue): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`
}

function evidenceInWords({ evidence }: SubmittedPerson, { t }: FormContext): string {
  const key = evidenceKeys[evidence]
  if (key === undefined) throw new TypeError('evidence that no web form gives')
  return t(key)
}

function languageInWords(language: string, context: FormContext): string {
  if (isLanguage(language)) return languageFacts[language].ownName
  if (language === 'und') return context.t('wordsOther')
  const names = new Intl.DisplayNames(languageFacts[context.language].tag, { type: 'language' })
  return names.of(language) ?? language
}

function hasAbout({ about }: SubmittedPerson): boolean {
  return (about.sector ?? about.standing ?? about.position ?? about.region) !== undefined
}
