import { useState } from 'preact/hooks'
import { useApp } from './app-context.ts'
import { Button } from './parts.tsx'

export function VolunteerList(props: {
  readonly busy: boolean
  readonly onRevoke: (volunteer: string) => void
}) {
  const { t, desk } = useApp()
  const [asked, setAsked] = useState<string | null>(null)
  const { volunteers } = desk.state.directory
  return (
    <>
      <h2>{t('people.title')}</h2>
      <ul class="cases">
        {[...volunteers.values()].map(({ id, roles, centre }) => (
          <li key={id}>
            <div>
              <strong>{id}</strong> {id === desk.state.volunteer.id && `(${t('people.you')})`}
              <br />
              <span class="hint">
                {centre} · {roles.map((role) => t(`role.${role}`)).join(t('listJoin'))}
              </span>
              {asked === id && <p class="warning">{t('people.revokeConfirm', { name: id })}</p>}
            </div>
            {id !== desk.state.volunteer.id &&
              (asked === id ? (
                <Button busy={props.busy} onClick={() => props.onRevoke(id)}>
                  {t('people.revokeYes')}
                </Button>
              ) : (
                <Button second onClick={() => setAsked(id)}>
                  {t('people.revoke', { name: id })}
                </Button>
              ))}
          </li>
        ))}
      </ul>
    </>
  )
}
