import { labelIn } from '../../declaration/form-definition.ts'
import { findParticulars } from '../../declaration/particulars/find-particulars.ts'
import type { Submission } from '../../declaration/submission.ts'
import type { CaseDraft } from '../client/case-draft.ts'
import { type Difference, type DifferingField, findDifferences } from '../client/differences.ts'
import { findRedactions } from '../client/redaction.ts'
import { type AppContext, labelOf, useApp } from './app-context.ts'
import type { DeskKey } from './messages.en.ts'

interface ChangesProps {
  readonly draft: CaseDraft
  readonly submissions: readonly Submission[]
}

const FIELD_LABELS = {
  keptOut: 'review.fieldKeptOut',
  name: 'case.name',
  showName: 'case.showName',
  showText: 'case.showText',
  organisations: 'case.organisations',
  sector: 'case.sector',
  standing: 'case.standing',
  position: 'case.position',
  region: 'case.region',
  voice: 'case.voice',
  claimedDay: 'case.claimedDay',
  evidence: 'case.evidence',
} as const satisfies Readonly<Record<DifferingField, DeskKey>>

/** The whole text as it came, with what was taken out struck through. */
export function RedactedTexts({ draft, submissions, by }: ChangesProps & { readonly by: string }) {
  const { t } = useApp()
  const texts = draft.statements.flatMap(({ text }, i) => {
    const from = submissions[i]?.statement
    if (text.kind !== 'own' || from?.kind !== 'own') return []
    const identifying = findParticulars(text.text).map(({ start, end }) =>
      text.text.slice(start, end),
    )
    const parts = findRedactions(from.text, text.text) ?? []
    return [{ parts, identifying, language: from.language }]
  })
  if (texts.length === 0) return null
  const isRedacted = texts.some(({ parts }) => parts.some(({ kept }) => !kept))
  return (
    <>
      <h2>{t('case.text')}</h2>
      {isRedacted && <p class="hint">{t('review.taken', { name: by })}</p>}
      {texts.map(({ parts, identifying, language }, i) => (
        <div key={`text-${i}`}>
          <blockquote class="statement preview" lang={language} dir="auto">
            {parts.map(({ kept, text }, j) =>
              kept ? <span key={`part-${j}`}>{text}</span> : <del key={`part-${j}`}>{text}</del>,
            )}
          </blockquote>
          {identifying.length > 0 && (
            <p class="warning">
              {t('review.identifying')} <bdi class="mono">{identifying.join(t('listJoin'))}</bdi>
            </p>
          )}
        </div>
      ))}
    </>
  )
}

/** Every field that differs from what a fresh draft of the envelopes would say, person by person. */
export function Changes({ draft, submissions }: ChangesProps) {
  const app = useApp()
  const { t, desk } = app
  const differences = findDifferences(draft, submissions, desk.state.form)
  const cameIn = submissions.reduce((sum, { claimed }) => sum + claimed, 0)
  const isClaimedLowered = draft.claimed !== cameIn
  if (differences.length === 0 && !isClaimedLowered) return <p>{t('review.unchanged')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by the keyboard.
    <section class="scroll" tabIndex={0} aria-label={t('review.changed')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('review.whom')}</th>
            <th scope="col">{t('review.what')}</th>
            <th scope="col">{t('review.from')}</th>
            <th scope="col">{t('review.to')}</th>
          </tr>
        </thead>
        <tbody>
          {isClaimedLowered && (
            <tr>
              <th scope="row">–</th>
              <td>{t('case.claimed')}</td>
              <td>{cameIn}</td>
              <td>
                <strong>{draft.claimed}</strong>
              </td>
            </tr>
          )}
          {differences.map((difference) => (
            <tr key={`${difference.person}-${difference.field}`}>
              <th scope="row">{t('case.person', { number: difference.person + 1 })}</th>
              <td>{t(FIELD_LABELS[difference.field])}</td>
              <td>{valueIn(app, difference, difference.from)}</td>
              <td>
                <strong>{valueIn(app, difference, difference.to)}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What came in, for a case that nobody proposes to publish. */
export function CameIn({ submissions }: Pick<ChangesProps, 'submissions'>) {
  const { t, desk } = useApp()
  return (
    <>
      {submissions.map(({ statement, persons }, i) => {
        const standard = desk.state.form.standardTexts.find(
          ({ id }) => statement.kind === 'standard' && id === statement.id,
        )
        return (
          <div class="preview" key={`submission-${i}`}>
            <blockquote class="statement" lang={statement.language} dir="auto">
              {statement.kind === 'own'
                ? statement.text
                : standard && labelIn(standard.text, statement.language)}
            </blockquote>
            <p>{t('case.persons', { count: persons.length })}</p>
            <ul>
              {persons.map(({ name }, j) => (
                <li key={`person-${j}`}>
                  <bdi>{name?.value ?? t('case.nameNone')}</bdi>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </>
  )
}

function valueIn(
  { t, desk, language }: AppContext,
  { field }: Difference,
  value: Difference['from'],
): string {
  const { form } = desk.state
  if (value === null) return field === 'keptOut' ? t('no') : t('nothing')
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  if (typeof value !== 'string') {
    return value
      .map((id) =>
        id === 'unstated' ? t('organisations.unstated') : labelOf(form.organisations, id, language),
      )
      .join(t('listJoin'))
  }
  switch (field) {
    case 'keptOut':
      return labelOf(form.keptOutReasons, value, language)
    case 'sector':
      return labelOf(form.sectors, value, language)
    case 'standing':
      return labelOf(form.standings, value, language)
    case 'region':
      return labelOf(form.regions, value, language)
    case 'voice':
      return labelOf(form.voices, value, language)
    case 'evidence':
      return evidenceIn(t, value)
    default:
      return value
  }
}

function evidenceIn(t: AppContext['t'], value: string): string {
  switch (value) {
    case 'self':
    case 'consented':
    case 'relayed':
    case 'in-person':
    case 'legacy':
      return t(`evidence.${value}`)
    default:
      return value
  }
}
