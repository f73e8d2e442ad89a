import { useEffect, useState } from 'preact/hooks'
import { keyHoldersOf } from '../../../sealing/directory-state.ts'
import type { Months } from '../../client/centre-months.ts'
import type { WaitingChange } from '../../client/pending-changes.ts'
import type { Applicant } from '../../client/volunteers.ts'
import { useApp } from '../app-context.ts'
import { Applicants } from '../applicants.tsx'
import { InviteForm } from '../invite-form.tsx'
import { MonthTable } from '../month-table.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { PendingList } from '../pending-list.tsx'
import { useAction } from '../use-action.ts'
import { VolunteerList } from '../volunteer-list.tsx'

/**
 * Who works here, who may come, and the keys of the centres; for a coordinator the keys of their own. Everything on it
 * is signed in this browser, and all but a suspension takes a second person's.
 */
export function PeopleScreen() {
  const { t, desk, lock } = useApp()
  const isKeyHolder = desk.state.volunteer.roles.includes('key-holder')
  const [applicants, setApplicants] = useState<readonly Applicant[]>([])
  const [pending, setPending] = useState<readonly WaitingChange[]>([])
  const [months, setMonths] = useState<Months>({ months: [], closed: [] })
  const [said, setSaid] = useState<string | null>(null)
  const [link, setLink] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const load = async () => {
    await desk.refreshDirectory()
    if (isKeyHolder) setApplicants(await desk.listApplicants())
    setPending(await desk.listPending())
    setMonths(await desk.listMonths())
  }
  useEffect(() => run(load), [])
  const act = (work: () => Promise<unknown>, notice: string | ((done: unknown) => string)) =>
    run(async () => {
      setLink(null)
      const done = await work()
      setSaid(typeof notice === 'string' ? notice : notice(done))
      await load()
    })
  const proposed = t('people.proposed')
  const inDirectory = pending.flatMap(({ change }) => ('id' in change ? [change.id] : []))
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
        {link !== null && (
          <div class="note">
            <p>{t('people.link')}</p>
            <p class="mono">{link}</p>
          </div>
        )}
      </div>
      <KeyHolderWarning />
      <Button second onClick={() => run(load)}>
        {t('queue.refresh')}
      </Button>
      <PendingList
        pending={pending}
        busy={busy}
        onSign={(one) => act(() => desk.sign(one), t('people.signedIt'))}
        onDiscard={(one) => act(() => desk.discard(one), t('people.discarded'))}
      />
      {isKeyHolder && (
        <>
          <Applicants
            applicants={applicants.filter(({ volunteer }) => !inDirectory.includes(volunteer))}
            busy={busy}
            onAdmit={(one) =>
              act(() => desk.admit(one), t('people.admitted', { name: one.volunteer }))
            }
            onRefuse={(one) =>
              act(() => desk.refuse(one), t('people.refused', { name: one.volunteer }))
            }
          />
          <VolunteerList
            busy={busy}
            onEdit={(name, wanted) => act(() => desk.edit(name, wanted), proposed)}
            onSuspend={(name) =>
              act(
                () => desk.suspend(name),
                (done) => (done === 'done' ? t('people.suspendDone', { name }) : proposed),
              )
            }
            onRestore={(name) => act(() => desk.restore(name), proposed)}
            onRevoke={(name) => act(() => desk.revoke(name), t('people.revoked', { name }))}
            onInviteAgain={(name) =>
              run(async () => {
                setSaid(null)
                setLink(await desk.inviteAgain(location.origin, name))
                scrollTo(0, 0)
              })
            }
          />
          <InviteForm />
        </>
      )}
      <MonthTable
        months={months}
        busy={busy}
        onMake={(centre, month) => act(() => desk.makeCentreKey(centre, month), proposed)}
        onDestroy={(centre, month) => act(() => desk.closeMonth(centre, month), proposed)}
      />
    </>
  )
}

function KeyHolderWarning() {
  const { t, desk } = useApp()
  switch (keyHoldersOf(desk.state.directory).length) {
    case 1:
      return <p class="warning">{t('people.oneKeyHolder')}</p>
    case 2:
      return <p class="warning">{t('people.fewKeyHolders')}</p>
    default:
      return null
  }
}
