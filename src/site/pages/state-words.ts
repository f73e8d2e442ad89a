import { html, type Markup } from '../../ui/html.ts'
import type { DeclarationView } from '../declaration-view.ts'
import { formatDay } from '../format.ts'
import { choiceLabel } from '../labels.ts'
import type { SiteKey } from '../messages.en.ts'
import type { PageFrame } from '../site-page.ts'

/** What every reader of an entry must see at once. */
export function stateTags({ t }: PageFrame, { state, history }: DeclarationView): Markup | false {
  const tags: readonly (readonly [boolean, SiteKey])[] = [
    [state.withdrawn, 'withdrawnTag'],
    [state.flagged, 'flaggedTag'],
    [history.some(({ type }) => type === 'redact'), 'redactedTag'],
    [history.some(({ type }) => type === 'correct'), 'correctedTag'],
    [state.confirmed, 'confirmedTag'],
  ]
  const shown = tags.filter(([applies]) => applies)
  if (shown.length === 0) return false
  return html`<div>${shown.map(([, key], i) => html`${i > 0 && ' · '}<strong>${t(key)}</strong>`)}</div>
`
}

type HistoryEvent = DeclarationView['history'][number]

const noticeKeys: Readonly<Record<HistoryEvent['type'], SiteKey>> = {
  withdraw: 'withdrawnNotice',
  restore: 'restoredNotice',
  confirm: 'confirmedNotice',
  rekey: 'rekeyedNotice',
  correct: 'correctedNotice',
  redact: 'redactedNotice',
  translation: 'translatedNotice',
  flag: 'flaggedNotice',
  unflag: 'unflaggedNotice',
}

/** One sentence an event, in the order of the log. */
export function historyItems(frame: PageFrame, { history, forms }: DeclarationView): string[] {
  const { t, language } = frame
  return history.map((event) => {
    const sentence = t(noticeKeys[event.type], { day: formatDay(language, event.day) })
    const reason = reasonOf(event)
    if (reason === undefined) return sentence
    const label = choiceLabel(frame, forms, 'operatorReasons', reason)
    return t('reasonGiven', { sentence, reason: label })
  })
}

function reasonOf(event: HistoryEvent): string | undefined {
  if (event.type === 'flag' || event.type === 'unflag') return event.reason
  if (event.type === 'translation' || event.by.kind !== 'operator') return undefined
  return event.by.reason
}
