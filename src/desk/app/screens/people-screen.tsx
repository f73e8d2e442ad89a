import { useEffect, useState } from 'preact/hooks'
import { ROLES, type Role } from '../../../sealing/directory-change.ts'
import { type Applicant, codeOfApplicant, rolesOf } from '../../client/volunteers.ts'
import { useApp } from '../app-context.ts'
import { Button, Checkbox, FailureNote, Heading, SelectField } from '../parts.tsx'
import { useAction } from '../use-action.ts'

/** For key holders: who works here, who may come, and the centre's key. Everything on it is signed in this browser. */
export function PeopleScreen() {
  const { t, desk, lock } = useApp()
  const [applicants, setApplicants] = useState<readonly Applicant[]>([])
  const [said, setSaid] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const load = async () => {
    await desk.refreshDirectory()
    setApplicants(await desk.listApplicants())
  }
  useEffect(() => run(load), [])
  const act = (work: () => Promise<void>, notice: string) =>
    run(async () => {
      await work()
      await load()
      setSaid(notice)
    })
  const centre = desk.state.volunteer.centre
  const month = desk.state.directory.centres.get(centre)?.month ?? ''
  return (
    <>
      <Heading>{t('people.title')}</Heading>
      <FailureNote failure={failure} />
      <div role="status">
        {busy ? (
          <p class="note">{t('people.signing')}</p>
        ) : (
          said !== null && <p class="note">{said}</p>
        )}
      </div>
      <Applicants
        applicants={applicants}
        busy={busy}
        onAdmit={(one) => act(() => desk.admit(one), t('people.admitted', { name: one.volunteer }))}
        onRefuse={(one) =>
          act(() => desk.refuse(one), t('people.refused', { name: one.volunteer }))
        }
        onRefresh={() => run(load)}
      />
      <Directory
        busy={busy}
        onRevoke={(name) => act(() => desk.revoke(name), t('people.revoked', { name }))}
      />
      <Invite />
      <h2>{t('people.keyTitle')}</h2>
      <p>{t('people.key', { centre, month })}</p>
      <Button
        second
        busy={busy}
        onClick={() => act(() => desk.makeCentreKey(centre), t('people.keyMade'))}
      >
        {t('people.newKey', { centre })}
      </Button>
    </>
  )
}

function Applicants(props: {
  readonly applicants: readonly Applicant[]
  readonly busy: boolean
  readonly onAdmit: (applicant: Applicant) => void
  readonly onRefuse: (applicant: Applicant) => void
  readonly onRefresh: () => void
}) {
  const { t } = useApp()
  const { applicants, busy, onAdmit, onRefuse, onRefresh } = props
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
            {t('people.code')}: <strong class="code">{codeOfApplicant(one)}</strong>
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
      <Button second onClick={onRefresh}>
        {t('queue.refresh')}
      </Button>
    </section>
  )
}

function Directory(props: {
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

function Invite() {
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
      <fieldset>
        <legend>{t('people.roles')}</legend>
        {ROLES.map((role) => (
          <Checkbox
            key={role}
            label={t(`role.${role}`)}
            checked={roles.includes(role)}
            onChange={(checked) =>
              setRoles(checked ? [...roles, role] : roles.filter((one) => one !== role))
            }
          />
        ))}
      </fieldset>
      {roles.includes('key-holder') && <p class="warning">{t('people.inviteKeyHolder')}</p>}
      {roles.length === 0 && <p class="error">{t('people.chooseRole')}</p>}
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
