import { ROLES, type Role } from '../../sealing/directory-change.ts'
import { useApp } from './app-context.ts'
import { Checkbox } from './fields.tsx'

/** The tasks somebody is to have. */
export function RoleCheckboxes(props: {
  readonly roles: readonly Role[]
  readonly onRoles: (roles: readonly Role[]) => void
}) {
  const { t } = useApp()
  const { roles, onRoles } = props
  return (
    <>
      <fieldset>
        <legend>{t('people.roles')}</legend>
        {ROLES.map((role) => (
          <Checkbox
            key={role}
            label={t(`role.${role}`)}
            checked={roles.includes(role)}
            onChange={(checked) =>
              onRoles(checked ? [...roles, role] : roles.filter((one) => one !== role))
            }
          />
        ))}
      </fieldset>
      {roles.includes('key-holder') && <p class="warning">{t('people.inviteKeyHolder')}</p>}
      {roles.length === 0 && <p class="error">{t('people.chooseRole')}</p>}
    </>
  )
}
