import { useEffect, useState } from 'preact/hooks'
import type { Queue } from '../../client/desk-client.ts'
import { DeskClientError } from '../../client/error.ts'
import { COUNT_MAX } from '../../queue-limits.ts'
import type { Cursor, QueueList } from '../../read-queue.ts'
import { type AppContext, useApp } from '../app-context.ts'
import { CaseList, moveInLists, type ShownQueue, shownOf, withMore } from '../case-list.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useShortcut } from '../shortcut-registry.ts'
import { useAction } from '../use-action.ts'

const REFRESH_MS = 60_000

export function QueueScreen() {
  const app = useApp()
  const { t, desk, go, goOn, lock } = app
  const [queue, setQueue] = useState<ShownQueue | null>(null)
  const reading = useAction(() => lock('expired'))
  const acting = useAction(() => lock('expired'))
  const refresh = () => reading.run(async () => setQueue(shownOf(await desk.readQueue())))
  useEffect(() => {
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])

  const take = (id: string) =>
    acting.run(async () => {
      try {
        go({ name: 'case', open: await desk.take(id) })
      } catch (error) {
        // Nobody sent what was taken, and it is gone: on to what somebody did send.
        if (error instanceof DeskClientError && error.code === 'empty_envelope') {
          return goOn('waiting')
        }
        // Somebody was quicker: the list is old, so show a new one beside the reason.
        if (error instanceof DeskClientError && error.code === 'case_gone') refresh()
        throw error
      }
    })
  const decide = (id: string) =>
    acting.run(async () => {
      try {
        go({ name: 'review', review: await desk.openProposal(id) })
      } catch (error) {
        if (error instanceof DeskClientError && error.code === 'case_not_proposed') refresh()
        throw error
      }
    })
  const more = (list: QueueList, after: Cursor) =>
    reading.run(async () => {
      const page = await desk.readMore(list, after)
      setQueue((old) => old && withMore(old, list, page))
    })

  useShortcut('j', () => moveInLists(1))
  useShortcut('k', () => moveInLists(-1))
  useShortcut('c', () => {
    const inHand = queue?.lists.mine[0]
    if (inHand !== undefined) take(inHand.id)
  })

  return (
    <>
      <Heading>{t('queue.title')}</Heading>
      <FailureNote failure={acting.failure ?? reading.failure} />
      {queue === null ? (
        <p role="status">{t('working')}</p>
      ) : (
        <>
          <p class="hint">{t('queue.counts', countsOf(queue.counts, app))}</p>
          <CaseList
            list="mine"
            queue={queue}
            action={t('queue.continue')}
            busy={acting.busy}
            onAct={take}
            onMore={more}
          />
          <div class="actions">
            {queue.lists.mine.length === 0 && queue.lists.waiting.length > 0 && (
              <Button
                shortcut="n"
                busy={acting.busy}
                onClick={() => acting.run(() => goOn('waiting'))}
              >
                {t('queue.next')}
              </Button>
            )}
            {queue.lists['to-decide'].length > 0 && (
              <Button
                shortcut="d"
                busy={acting.busy}
                onClick={() => acting.run(() => goOn('to-decide'))}
              >
                {t('queue.decideNext')}
              </Button>
            )}
            <Button second shortcut="g" busy={reading.busy} onClick={refresh}>
              {t('queue.refresh')}
            </Button>
          </div>
          <CaseList
            list="to-decide"
            queue={queue}
            action={t('queue.open')}
            busy={acting.busy}
            onAct={decide}
            onMore={more}
          />
          {(['handed', 'returned', 'waiting'] as const).map((list) => (
            <CaseList
              key={list}
              list={list}
              queue={queue}
              action={t('queue.take')}
              busy={acting.busy}
              onAct={take}
              onMore={more}
            />
          ))}
        </>
      )}
    </>
  )
}

function countsOf(counts: Queue['counts'], { t, language }: AppContext) {
  return Object.fromEntries(
    Object.entries(counts).map(([state, count]) => {
      const written = new Intl.NumberFormat(language).format(count)
      return [state, count >= COUNT_MAX ? t('queue.many', { count: written }) : written]
    }),
  )
}
