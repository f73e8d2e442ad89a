import { useState } from 'preact/hooks'
import type { Submission, SubmittedPerson } from '../../declaration/submission.ts'
import type { DraftPerson, DraftStatement } from '../client/case-draft.ts'
import { labelOf, useApp } from './app-context.ts'
import { PersonFields } from './person-fields.tsx'

/** Up to so many persons are open at once; longer lists start closed, so that 500 do not make 10,000 fields. */
const OPEN_MAX = 3

export function PersonList(props: {
  readonly first: number
  readonly submission: Submission
  readonly statement: DraftStatement
  readonly onChange: (statement: DraftStatement) => void
}) {
  const { t } = useApp()
  const { first, submission, statement, onChange } = props
  const { persons } = statement
  const change = (index: number, next: DraftPerson) =>
    onChange({ ...statement, persons: persons.map((old, i) => (i === index ? next : old)) })
  return (
    <>
      <h2>{t('case.persons', { count: persons.length })}</h2>
      {persons.map((person, i) => {
        const from = submission.persons[i]
        if (from === undefined) return null
        return (
          <OnePerson
            key={first + i}
            number={first + i + 1}
            from={from}
            person={person}
            startOpen={persons.length <= OPEN_MAX}
            onChange={(next) => change(i, next)}
          />
        )
      })}
    </>
  )
}

function OnePerson(props: {
  readonly number: number
  readonly from: SubmittedPerson
  readonly person: DraftPerson
  readonly startOpen: boolean
  readonly onChange: (person: DraftPerson) => void
}) {
  const { t, desk, language } = useApp()
  const { number, from, person, startOpen, onChange } = props
  const [isOpen, setOpen] = useState(startOpen)
  const { organisations, keptOutReasons } = desk.state.form
  const left = person.organisations
    .map((id) =>
      id === 'unstated' ? t('organisations.unstated') : labelOf(organisations, id, language),
    )
    .join(t('listJoin'))
  return (
    <details
      class="row person"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <strong>{t('case.person', { number })}</strong>{' '}
        <bdi>{person.name ?? t('case.nameNone')}</bdi> <span class="hint">{left}</span>
        {person.keptOut !== null && ' '}
        {person.keptOut !== null && (
          <em class="kept-out">
            {t('case.personKeptOut', { reason: labelOf(keptOutReasons, person.keptOut, language) })}
          </em>
        )}
      </summary>
      {isOpen && <PersonFields from={from} person={person} onChange={onChange} />}
    </details>
  )
}
