import type { Volunteer } from '../../sealing/directory-state.ts'
import { useApp } from './app-context.ts'
import { VolunteerActions, type VolunteerActionsProps } from './volunteer-actions.tsx'

/** Everybody of the directory, and behind each name what may be done about it. */
export function VolunteerList(props: Omit<VolunteerActionsProps, 'volunteer' | 'suspended'>) {
  const { t, desk } = useApp()
  const { volunteers, suspendedVolunteers } = desk.state.directory
  const everybody = [
    ...[...volunteers.values()].map((one) => ({ ...one, suspended: false })),
    ...[...suspendedVolunteers.values()].map((one) => ({ ...one, suspended: true })),
  ]
  return (
    <section data-list="volunteers">
      <h2>{t('people.title')}</h2>
      {everybody.map((one) => (
        <details class="row" key={one.id} data-volunteer={one.id}>
          <summary>
            <VolunteerFacts volunteer={one} suspended={one.suspended} />
          </summary>
          <VolunteerActions
            {...props}
            key={`${one.id} ${one.since}`}
            volunteer={one}
            suspended={one.suspended}
          />
        </details>
      ))}
    </section>
  )
}

function VolunteerFacts(props: { readonly volunteer: Volunteer; readonly suspended: boolean }) {
  const { t, desk } = useApp()
  const { id, roles, centre } = props.volunteer
  return (
    <>
      <strong>{id}</strong> {id === desk.state.volunteer.id && `(${t('people.you')})`}{' '}
      {props.suspended && <span class="kept-out">{t('people.suspended')}</span>}{' '}
      <span class="hint">
        {centre} · {roles.map((role) => t(`role.${role}`)).join(t('listJoin'))}
      </span>
    </>
  )
}
