import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { mayAudit } from '../../declaration/audit.ts'
import type { Desk } from '../client/desk-client.ts'
import { type AppContext, AppContextProvider, type LockReason, type Screen } from './app-context.ts'
import type { DraftSaver } from './draft-saver.ts'
import { RunBar } from './run-bar.tsx'
import { AccountScreen } from './screens/account-screen.tsx'
import { AuditScreen } from './screens/audit-screen.tsx'
import { CaseScreen } from './screens/case-screen.tsx'
import { PeopleScreen } from './screens/people-screen.tsx'
import { QueueScreen } from './screens/queue-screen.tsx'
import { ReviewScreen } from './screens/review-screen.tsx'
import { ShortcutLayer } from './shortcut-layer.tsx'
import { useTexts } from './texts.ts'
import { UndoProposal } from './undo-proposal.tsx'
import { useReseal } from './use-reseal.ts'
import { useRun } from './use-run.ts'

export interface UnlockedAppProps {
  readonly desk: Desk
  readonly saver: DraftSaver
  readonly lock: (reason: LockReason) => void
  readonly languageSwitch: ComponentChildren
}

/** The screens that an address names. */
const PLACES = [
  { name: 'queue' },
  { name: 'people' },
  { name: 'account' },
  { name: 'audits' },
] as const

/** The desk with its keys in memory: which screen is shown, and what goes on beside it. */
export function UnlockedApp({ desk, saver, lock, languageSwitch }: UnlockedAppProps) {
  const { t, language } = useTexts()
  const { volunteer, sample } = desk.state
  const seesCases = volunteer.roles.some((role) => role === 'reviewer' || role === 'key-holder')
  const audits = mayAudit(volunteer)
  // An auditor who is no reviewer has no cases to begin with.
  const [screen, setScreen] = useState<Screen>(
    audits && !seesCases ? { name: 'audits' } : { name: 'queue' },
  )
  const [notice, setNotice] = useState<string | null>(null)
  const { run, end, openNext } = useRun(desk)
  const [undoable, setUndoable] = useState<string | null>(null)
  const app = useMemo<AppContext>(() => {
    const show = (next: Screen, said?: string) => {
      setNotice(said ?? null)
      setScreen(next)
      // The address names the screen and never the case.
      const place = `#${next.name}`
      if (location.hash !== place) history.pushState(null, '', place)
      scrollTo(0, 0)
    }
    const go: AppContext['go'] = (next, said) => {
      end()
      show(next, said)
    }
    const goOn: AppContext['goOn'] = async (list) => {
      setNotice(null)
      const next = await openNext(list)
      if (next === undefined) go({ name: 'queue' }, t('run.none'))
      else show(next)
    }
    const done: AppContext['done'] = async (said) => {
      if (run === null) return go({ name: 'queue' }, said)
      try {
        const next = await openNext(run.list)
        if (next === undefined) go({ name: 'queue' }, `${said} ${t('run.none')}`)
        else show(next, said)
      } catch {
        // What was done is done; what keeps the next one away is for the queue to say.
        go({ name: 'queue' }, said)
      }
    }
    const proposed: AppContext['proposed'] = async (caseId, said) => {
      setUndoable(caseId)
      await done(said)
    }
    return { t, language, desk, saver, lock, run, go, goOn, done, proposed }
  }, [t, language, desk, saver, lock, run])
  useReseal(desk)
  useEffect(() => {
    // Back and forward lead between the lists; an open case is only left by its own buttons' way.
    const onBack = () => {
      void saver.flush()
      setNotice(null)
      end()
      setScreen(PLACES.find(({ name }) => location.hash === `#${name}`) ?? { name: 'queue' })
    }
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [saver])
  const keepsPeople = volunteer.roles.some(
    (role) => role === 'key-holder' || role === 'coordinator',
  )
  return (
    <AppContextProvider.Provider value={app}>
      <ShortcutLayer>
        <div class="desk">
          <a class="skip" href="#main">
            {t('skip')}
          </a>
          <header>
            {sample && <p class="sample">{t('sample')}</p>}
            <div class="top">
              <div class="wrap">
                <span class="register">{t('title')}</span>
                {languageSwitch}
              </div>
            </div>
          </header>
          <nav class="pages" aria-label={t('title')}>
            <div class="wrap desk-nav">
              <ul>
                {(seesCases || !audits) && (
                  <NavItem name="queue" current={screen.name} label={t('nav.queue')} go={app.go} />
                )}
                {audits && (
                  <NavItem
                    name="audits"
                    current={screen.name}
                    label={t('nav.audits')}
                    go={app.go}
                  />
                )}
                {keepsPeople && (
                  <NavItem
                    name="people"
                    current={screen.name}
                    label={t('nav.people')}
                    go={app.go}
                  />
                )}
                <NavItem
                  name="account"
                  current={screen.name}
                  label={t('nav.account')}
                  go={app.go}
                />
              </ul>
              <p class="who">
                {t('nav.name', { name: volunteer.id, centre: volunteer.centre })}{' '}
                <button type="button" class="plain" onClick={() => lock('left')}>
                  {t('nav.lock')}
                </button>
              </p>
            </div>
          </nav>
          <div class="wrap">
            <main id="main" tabIndex={-1}>
              <div role="status">{notice !== null && <p class="note">{notice}</p>}</div>
              <RunBar />
              {undoable !== null && (
                <UndoProposal caseId={undoable} onDone={() => setUndoable(null)} screen={screen} />
              )}
              <CurrentScreen screen={screen} />
            </main>
          </div>
        </div>
      </ShortcutLayer>
    </AppContextProvider.Provider>
  )
}

function CurrentScreen({ screen }: { readonly screen: Screen }) {
  switch (screen.name) {
    case 'queue':
      return <QueueScreen />
    case 'case':
      return <CaseScreen open={screen.open} key={screen.open.summary.id} />
    case 'review':
      return <ReviewScreen review={screen.review} key={screen.review.hash} />
    case 'people':
      return <PeopleScreen />
    case 'account':
      return <AccountScreen />
    case 'audits':
      return <AuditScreen />
  }
}

function NavItem(props: {
  readonly name: 'queue' | 'people' | 'account' | 'audits'
  readonly current: Screen['name']
  readonly label: string
  readonly go: AppContext['go']
}) {
  const { name, current, label, go } = props
  return (
    <li>
      <button
        type="button"
        class="plain"
        aria-current={current === name ? 'page' : undefined}
        onClick={() => go({ name })}
      >
        {label}
      </button>
    </li>
  )
}
