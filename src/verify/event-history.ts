import { type EventOf, isAct, type LogEvent } from '../declaration/event.ts'
import type { IndexRange } from '../declaration/event-lines.ts'
import type { Flagging } from './flagged-ranges.ts'

/** An act as logged. The entry is kept, not what it parses to: it is a third of the size, and a register has many. */
export type LoggedAct = { readonly position: number; readonly entry: Uint8Array }
export type LoggedTally = EventOf<'tally'> & { readonly position: number }
export type LoggedKey = { readonly position: number; readonly hash: string }
export type LoggedForm = EventOf<'form'> & { readonly position: number }

/**
 * What the event log says that the rest of the register must agree with. It grows with the acts on
 * declarations and with the publications, not with the declarations.
 */
export type EventHistory = {
  readonly forms: Map<string, LoggedForm>
  readonly acts: Map<number, LoggedAct[]>
  readonly flaggings: Flagging[]
  readonly keys: Map<EventOf<'key'>['subject'], LoggedKey>
  lastTally: LoggedTally | null
  /** Sizes of the declaration log for which a tally was logged: each was published with a checkpoint. */
  readonly talliedSizes: Set<number>
  /** Declarations that a batch or an import accounts for, from the first on. */
  covered: number
  lastDay: string
  lastSize: number
}

export function startHistory(): EventHistory {
  return {
    forms: new Map(),
    acts: new Map(),
    flaggings: [],
    keys: new Map(),
    lastTally: null,
    talliedSizes: new Set(),
    covered: 0,
    lastDay: '',
    lastSize: 0,
  }
}

/** Adds the event at `position` of the log. Returns why it must not be there, or undefined. */
export function addToHistory(
  history: EventHistory,
  position: number,
  event: LogEvent,
  entry: Uint8Array,
): string | undefined {
  if (event.size < history.lastSize) return 'it names a smaller log than the event before it'
  history.lastDay = event.day
  history.lastSize = event.size
  if (isAct(event)) return addAct(history, event.index, event.size, { position, entry })
  switch (event.type) {
    case 'form':
      if (history.forms.has(event.form)) return 'the form was logged before'
      history.forms.set(event.form, { ...event, position })
      return undefined
    case 'key':
      history.keys.set(event.subject, { position, hash: event.hash })
      return undefined
    case 'flag':
    case 'unflag':
      if (isBeyond(event.ranges, event.size)) return 'a range is beyond the size it names'
      history.flaggings.push({ flagged: event.type === 'flag', ranges: event.ranges })
      return undefined
    case 'batch':
    case 'import':
      if (isBeyond([event.range], event.size)) return 'its range is beyond the size it names'
      if (event.range.first !== history.covered) return 'its range does not follow the one before'
      history.covered = event.range.end
      return undefined
    case 'tally':
      if (event.events !== position) return 'it does not count all events before it'
      history.lastTally = { ...event, position }
      history.talliedSizes.add(event.size)
      return undefined
    default:
      return undefined
  }
}

function addAct(history: EventHistory, index: number, size: number, act: LoggedAct) {
  if (index >= size) return 'it names a declaration beyond the size it names'
  const acts = history.acts.get(index)
  // A copy: the bundle that the entry is a view into need not be kept with it.
  const kept = { position: act.position, entry: act.entry.slice() }
  if (acts === undefined) history.acts.set(index, [kept])
  else acts.push(kept)
  return undefined
}

function isBeyond(ranges: readonly IndexRange[], size: number): boolean {
  return ranges.some(({ end }) => end > size)
}
