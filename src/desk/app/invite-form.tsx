import { useState } from 'preact/hooks'
import type { Role } from '../../sealing/directory-change.ts'
import { useApp } from './app-context.ts'
import { SelectField } from './fields.tsx'
import { Button, FailureNote } from './parts.tsx'
import { RoleCheckboxes } from './role-checkboxes.tsx'
import { useAction } from './use-action.ts'

export function InviteForm() {
  const { t, desk, lock } = useApp()
  const [roles, setRoles] = useState<readonly Role[]>(['reviewer'])
  const [centre, setCentre] = useState(desk.state.volunteer.centre)
  const [link, setLink] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const centres = [...desk.state.directory.centres.keys()].map((id) => ({ id, label: id }))
  return (
    <section>
      <h2>{t('people.inviteTitle')}</h2>
      <p>{t('people.inviteIntro')}</p>
      <FailureNote failure={failure} />
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
          busy={busy || roles.length === 0}
          onClick={() =>
            run(async () => setLink(await desk.invite(location.origin, { roles, centre })))
          }
        >
          {t('people.invite')}
        </Button>
      </div>
      {link !== null && (
        <div class="note" role="status">
          <p>{t('people.link')}</p>
          <p class="mono">{link}</p>
        </div>
      )}
    </section>
  )
}
