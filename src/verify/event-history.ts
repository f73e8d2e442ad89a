import { type EventOf, isAct, type LogEvent } from '../declaration/event.ts'
import type { IndexRange } from '../declaration/event-lines.ts'
import type { Flagging } from './flagged-ranges.ts'
import { filesNamedBy, type NamedFile } from './named-files.ts'

/** An act as logged. The entry is kept, not what it parses to: it is a third of the size, and a register has many. */
export type LoggedAct = { readonly position: number; readonly entry: Uint8Array }
export type LoggedTally = Pick<EventOf<'tally'>, 'size' | 'tally'> & { readonly position: number }
export type LoggedFlagging = { readonly position: number; readonly ranges: readonly IndexRange[] }
export type LoggedTranslation = EventOf<'translation'> & { readonly position: number }
/** A batch that two people a case approved; `directory` is the SHA-256 of the directory as last logged before it. */
export type LoggedBatch = Pick<EventOf<'batch'>, 'range' | 'approvals'> & {
  readonly position: number
  readonly directory: string | null
}
export type LoggedAudit = EventOf<'audit'> & { readonly position: number }
export type LoggedForm = EventOf<'form'> & { readonly position: number }

/**
 * What the event log says that the rest of the register must agree with. It grows with the acts on
 * declarations and with the publications, not with the declarations.
 */
export type EventHistory = {
  readonly forms: Map<string, LoggedForm>
  readonly acts: Map<number, LoggedAct[]>
  /** By the tally that is the first to count them, in the order of the log. */
  readonly flaggings: Map<number, Flagging[]>
  /** Declarations under a `flag` or `unflag`, with the positions of these events. */
  readonly flagged: LoggedFlagging[]
  /** Files by path, as the newest event about each has them. */
  readonly named: Map<string, NamedFile>
  /** Newest translation by declaration and language. */
  readonly translations: Map<number, Map<string, LoggedTranslation>>
  /** What the log says of people who make no declarations. */
  claimed: number
  readonly keptOut: Map<string, number>
  /** By position. */
  readonly batches: Map<number, LoggedBatch>
  readonly audits: LoggedAudit[]
  directory: string | null
  /** One for every publication, in the order of the log. */
  readonly tallies: LoggedTally[]
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
    flaggings: new Map(),
    flagged: [],
    named: new Map(),
    translations: new Map(),
    claimed: 0,
    keptOut: new Map(),
    batches: new Map(),
    audits: [],
    directory: null,
    tallies: [],
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
  for (const file of filesNamedBy(event)) history.named.set(file.path, file)
  if (isAct(event)) return addAct(history, event.index, event.size, { position, entry })
  switch (event.type) {
    case 'form':
      if (history.forms.has(event.form)) return 'the form was logged before'
      history.forms.set(event.form, { ...event, position })
      return undefined
    case 'flag':
    case 'unflag':
      if (isBeyond(event.ranges, event.size)) return 'a range is beyond the size it names'
      addFlagging(history, position, { flagged: event.type === 'flag', ranges: event.ranges })
      return undefined
    case 'batch':
    case 'import':
      if (isBeyond([event.range], event.size)) return 'its range is beyond the size it names'
      if (event.range.first !== history.covered) return 'its range does not follow the one before'
      history.covered = event.range.end
      history.claimed += event.claimed
      if (event.type === 'batch') {
        const { range, approvals } = event
        history.batches.set(position, { position, range, approvals, directory: history.directory })
      }
      return undefined
    case 'key':
      if (event.subject === 'directory') history.directory = event.hash
      return undefined
    case 'audit':
      if (!history.batches.has(event.batch)) return 'there is no batch at the position it names'
      if (event.rootSize > event.size) return 'its root is beyond the size it names'
      history.audits.push({ ...event, position })
      return undefined
    case 'translation':
      if (event.index >= event.size) return 'it names a declaration beyond the size it names'
      addTranslation(history, { ...event, position })
      return undefined
    case 'desk':
      history.claimed += event.claimed
      for (const { code, count } of event.keptOut) {
        history.keptOut.set(code, (history.keptOut.get(code) ?? 0) + count)
      }
      return undefined
    case 'tally':
      if (event.events !== position) return 'it does not count all events before it'
      history.tallies.push({ size: event.size, tally: event.tally, position })
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

function addTranslation({ translations }: EventHistory, translation: LoggedTranslation) {
  const known = translations.get(translation.index)
  if (known !== undefined) known.set(translation.language, translation)
  else translations.set(translation.index, new Map([[translation.language, translation]]))
}

function addFlagging(history: EventHistory, position: number, flagging: Flagging) {
  const { flaggings, tallies } = history
  // The tally that counts it is the next one.
  const known = flaggings.get(tallies.length)
  if (known === undefined) flaggings.set(tallies.length, [flagging])
  else known.push(flagging)
  history.flagged.push({ position, ranges: flagging.ranges })
}

/** Which tally was the first to count what stands at this position of the event log. */
export function tallyAfter({ tallies }: Pick<EventHistory, 'tallies'>, position: number): number {
  let low = 0
  let high = tallies.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((tallies[middle]?.position ?? 0) > position) high = middle
    else low = middle + 1
  }
  return low
}

function isBeyond(ranges: readonly IndexRange[], size: number): boolean {
  return ranges.some(({ end }) => end > size)
}
