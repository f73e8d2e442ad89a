import { useState } from 'preact/hooks'
import type { Role } from '../../sealing/directory-change.ts'
import type { Volunteer } from '../../sealing/directory-state.ts'
import { useApp } from './app-context.ts'
import { SelectField } from './fields.tsx'
import { Button } from './parts.tsx'
import { RoleCheckboxes } from './role-checkboxes.tsx'

export interface VolunteerActionsProps {
  readonly volunteer: Volunteer
  readonly suspended: boolean
  readonly busy: boolean
  readonly onEdit: (
    name: string,
    wanted: { readonly roles: readonly Role[]; readonly centre: string },
  ) => void
  readonly onSuspend: (name: string) => void
  readonly onRestore: (name: string) => void
  readonly onRevoke: (name: string) => void
  readonly onInviteAgain: (name: string) => void
}

export function VolunteerActions(props: VolunteerActionsProps) {
  const { t, desk } = useApp()
  const { volunteer, suspended, busy } = props
  const { id } = volunteer
  const [roles, setRoles] = useState<readonly Role[]>(volunteer.roles)
  const [centre, setCentre] = useState(volunteer.centre)
  const [asked, setAsked] = useState(false)
  const centres = [...desk.state.directory.centres.keys()].map((one) => ({ id: one, label: one }))
  const unchanged = centre === volunteer.centre && sameRoles(roles, volunteer.roles)
  const isSelf = id === desk.state.volunteer.id
  return (
    <>
      {!isSelf && (
        <div class="actions">
          {suspended ? (
            <Button second busy={busy} onClick={() => props.onRestore(id)}>
              {t('people.restore', { name: id })}
            </Button>
          ) : (
            <Button second busy={busy} onClick={() => props.onSuspend(id)}>
              {t('people.suspend', { name: id })}
            </Button>
          )}
        </div>
      )}
      {centres.length > 1 && (
        <SelectField
          label={t('people.centre')}
          value={centre}
          options={centres}
          onChange={(chosen) => setCentre(chosen ?? centre)}
        />
      )}
      <RoleCheckboxes roles={roles} onRoles={setRoles} />
      <div class="actions">
        <Button
          second
          busy={busy || unchanged || roles.length === 0}
          onClick={() => props.onEdit(id, { roles, centre })}
        >
          {t('people.save')}
        </Button>
      </div>
      <p class="hint">{t('people.againHint')}</p>
      <div class="actions">
        <Button second busy={busy} onClick={() => props.onInviteAgain(id)}>
          {t('people.again', { name: id })}
        </Button>
      </div>
      {!isSelf && (
        <div class="actions">
          {asked && <p class="warning">{t('people.revokeConfirm', { name: id })}</p>}
          {asked ? (
            <Button busy={busy} onClick={() => props.onRevoke(id)}>
              {t('people.revokeYes')}
            </Button>
          ) : (
            <Button second onClick={() => setAsked(true)}>
              {t('people.revoke', { name: id })}
            </Button>
          )}
        </div>
      )}
    </>
  )
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.toSorted().join() === b.toSorted().join()
}
