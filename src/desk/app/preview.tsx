import { labelIn } from '../../declaration/form-definition.ts'
import type { Submission } from '../../declaration/submission.ts'
import type { StatementText } from '../../declaration/values.ts'
import type { CaseDraft, DraftPerson } from '../client/case-draft.ts'
import { labelOf, useApp } from './app-context.ts'
import { messageOf } from './texts.ts'

/** Long groups are previewed by their first members; the rest differ only in what their own lines say. */
const SHOWN_MAX = 50

/** Exactly what strangers will read, and what of it can never be erased. */
export function Preview(props: {
  readonly draft: CaseDraft
  readonly submissions: readonly Submission[]
}) {
  const { t } = useApp()
  const { draft, submissions } = props
  const hasFew = draft.statements.some(({ persons }, i) =>
    persons.some(
      (person, j) => person.keptOut === null && submissions[i]?.persons[j]?.consents.few === true,
    ),
  )
  return (
    <>
      {draft.statements.map((statement, i) => {
        const visible = statement.persons.filter(({ keptOut }) => keptOut === null)
        const channel = submissions[i]?.channel ?? ''
        return (
          <div class="preview" key={`preview-${i}`}>
            {visible.some(({ showText }) => showText) && <PublicText text={statement.text} />}
            <ul>
              {visible.slice(0, SHOWN_MAX).map((person, j) => (
                <li key={`person-${j}`}>
                  <PublicPerson person={person} channel={channel} />
                </li>
              ))}
            </ul>
            {visible.length > SHOWN_MAX && <p>+ {visible.length - SHOWN_MAX}</p>}
          </div>
        )
      })}
      <p class="hint">{hasFew ? t('case.previewFew') : t('case.previewGroup')}</p>
      <p class="hint">{t('case.previewNever')}</p>
    </>
  )
}

function PublicText({ text }: { readonly text: StatementText }) {
  const { desk } = useApp()
  if (text.kind === 'own') {
    return (
      <blockquote class="statement" lang={text.language} dir="auto">
        {text.text}
      </blockquote>
    )
  }
  const standard = desk.state.form.standardTexts.find(({ id }) => id === text.id)
  return (
    <blockquote class="statement" lang={text.language}>
      {standard === undefined ? text.id : labelIn(standard.text, text.language)}
    </blockquote>
  )
}

function PublicPerson({
  person,
  channel,
}: {
  readonly person: DraftPerson
  readonly channel: string
}) {
  const { t, desk, language } = useApp()
  const { organisations, sectors, standings, regions, voices } = desk.state.form
  const { sector, standing, position, region, voice, claimedDay, evidence } = person
  const left = person.organisations.map((id) =>
    id === 'unstated' ? t('organisations.unstated') : labelOf(organisations, id, language),
  )
  const about = [
    sector && labelOf(sectors, sector, language),
    standing && labelOf(standings, standing, language),
    position,
    region && labelOf(regions, region, language),
    labelOf(voices, voice, language),
    messageOf(t, `channel.${channel}`, 'channel.web'),
    claimedDay,
    t(`evidence.${evidence}`),
  ].filter((value) => value !== null && value !== '')
  const isBare = !person.showName && !person.showText
  const isTextApart = person.showName && !person.showText
  return (
    <>
      {person.showName && person.name !== null ? (
        <strong>
          <bdi>{person.name}</bdi>
        </strong>
      ) : (
        isBare && <em>{t('case.previewNothing')}</em>
      )}{' '}
      {left.join(t('listJoin'))} {isTextApart && <em>({t('case.previewWithoutText')})</em>}
      <br />
      <span class="hint">{about.join(' · ')}</span>
    </>
  )
}
