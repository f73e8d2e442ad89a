import type { Queue } from '../client/desk-client.ts'
import type { CaseSummary, Cursor, QueueList } from '../read-queue.ts'
import { type AppContext, useApp } from './app-context.ts'
import { CaseFacts, sizeOf } from './case-facts.tsx'
import { Button } from './parts.tsx'
import { messageOf } from './texts.ts'

/** The queue as it stands on the screen: pages already read, and where the next ones begin. */
export interface ShownQueue {
  readonly counts: Queue['counts']
  readonly lists: Readonly<Record<QueueList, readonly CaseSummary[]>>
  readonly next: Readonly<Record<QueueList, Cursor | null>>
}

export function CaseList(props: {
  readonly list: QueueList
  readonly queue: ShownQueue
  readonly action: string
  readonly busy: boolean
  readonly onAct: (id: string) => void
  readonly onMore: (list: QueueList, after: Cursor) => void
}) {
  const { t } = useApp()
  const { list, queue, action, busy, onAct, onMore } = props
  const cases = queue.lists[list]
  const next = queue.next[list]
  return (
    <section data-list={list}>
      <h2>{t(`queue.${list}`)}</h2>
      {cases.length === 0 && <p class="hint">{t(`queue.${list}None`)}</p>}
      <ul class="cases" onKeyDown={moveByArrows}>
        {cases.map((one) => (
          <li key={one.id} data-case={one.id}>
            <div>
              <strong>{one.day}</strong>
              <CaseFacts summary={one} />
              {one.kind === 'reject' && <p class="hint">{t('queue.rejection')}</p>}
              {one.escalated !== null && (
                <p class="hint">{messageOf(t, `escalate.${one.escalated}`, 'escalate.other')}</p>
              )}
              {one.returnedCode !== null && (
                <p class="hint">{messageOf(t, `return.${one.returnedCode}`, 'return.other')}</p>
              )}
            </div>
            <Button
              second={list === 'waiting'}
              busy={busy}
              label={actionLabel(t, action, one)}
              onClick={() => onAct(one.id)}
            >
              {action}
            </Button>
          </li>
        ))}
      </ul>
      {next !== null && (
        <Button second onClick={() => onMore(list, next)}>
          {t('queue.more')}
        </Button>
      )}
    </section>
  )
}

/** Moves the focus from case to case, through all lists of the screen; Enter then presses the button it is on. */
export function moveInLists(step: 1 | -1): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('main [data-case] button')]
  const place = buttons.findIndex((button) => button === document.activeElement)
  const next = place === -1 ? (step === 1 ? 0 : buttons.length - 1) : place + step
  buttons[next]?.focus()
}

function moveByArrows(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  moveInLists(event.key === 'ArrowDown' ? 1 : -1)
}

function actionLabel(t: AppContext['t'], action: string, one: CaseSummary): string {
  const channel = messageOf(t, `channel.${one.channel}`, 'channel.web')
  return t('queue.of', { action, day: one.day, channel, size: sizeOf(t, one) })
}

export function shownOf({ counts, lists }: Queue): ShownQueue {
  const { mine, handed, returned, waiting, 'to-decide': toDecide } = lists
  return {
    counts,
    lists: {
      mine: mine.cases,
      handed: handed.cases,
      returned: returned.cases,
      waiting: waiting.cases,
      'to-decide': toDecide.cases,
    },
    next: {
      mine: mine.next,
      handed: handed.next,
      returned: returned.next,
      waiting: waiting.next,
      'to-decide': toDecide.next,
    },
  }
}

export function withMore(
  old: ShownQueue,
  list: QueueList,
  page: { readonly cases: readonly CaseSummary[]; readonly next: Cursor | null },
): ShownQueue {
  return {
    ...old,
    lists: { ...old.lists, [list]: [...old.lists[list], ...page.cases] },
    next: { ...old.next, [list]: page.next },
  }
}
