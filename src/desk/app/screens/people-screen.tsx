import { useEffect, useState } from 'preact/hooks'
import type { Applicant } from '../../client/volunteers.ts'
import { useApp } from '../app-context.ts'
import { Applicants } from '../applicants.tsx'
import { InviteForm } from '../invite-form.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { VolunteerList } from '../volunteer-list.tsx'

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
      <VolunteerList
        busy={busy}
        onRevoke={(name) => act(() => desk.revoke(name), t('people.revoked', { name }))}
      />
      <InviteForm />
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
