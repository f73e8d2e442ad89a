import { type Applicant, codeOfApplicant, rolesOf } from '../client/volunteers.ts'
import { useApp } from './app-context.ts'
import { Button } from './parts.tsx'

export function Applicants(props: {
  readonly applicants: readonly Applicant[]
  readonly busy: boolean
  readonly onAdmit: (applicant: Applicant) => void
  readonly onRefuse: (applicant: Applicant) => void
}) {
  const { t, desk } = useApp()
  const { applicants, busy, onAdmit, onRefuse } = props
  return (
    <section data-list="applicants">
      <h2>{t('people.applicants')}</h2>
      {applicants.length === 0 && <p class="hint">{t('people.applicantsNone')}</p>}
      {applicants.map((one) => (
        <div class="row" key={one.volunteer}>
          <p>
            <strong>{one.volunteer}</strong> · {one.centre} ·{' '}
            {rolesOf(one)
              .map((role) => t(`role.${role}`))
              .join(t('listJoin'))}
          </p>
          <p>
            {t('people.code')}: <strong class="code">{codeOfApplicant(desk.state, one)}</strong>
          </p>
          <p>{t('people.compare')}</p>
          <div class="actions">
            <Button busy={busy} onClick={() => onAdmit(one)}>
              {t('people.admit', { name: one.volunteer })}
            </Button>
            <Button second busy={busy} onClick={() => onRefuse(one)}>
              {t('people.refuse', { name: one.volunteer })}
            </Button>
          </div>
        </div>
      ))}
    </section>
  )
}
