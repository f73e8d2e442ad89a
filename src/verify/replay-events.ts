import { type LogEvent, parseEvent } from '../declaration/event.ts'
import { entriesPath, TILE_WIDTH, tileWidth } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { addToHistory, type EventHistory, startHistory } from './event-history.ts'
import { replayEntries } from './replay-entries.ts'
import { eventTree } from './signed-tree.ts'
import type { Trust } from './trust.ts'
import type { SignedPair } from './verify-pair.ts'

export type ReplayedEvents = { readonly history: EventHistory; readonly archived: number }

/** The file in which an event of a log of `size` stands. */
export function eventFile(position: number, size: number): string {
  const index = Math.floor(position / TILE_WIDTH)
  return `log/events/${entriesPath(index, tileWidth(0, index, size))}`
}

/**
 * Every event reads, follows from the events before it and names nothing beyond the declaration log of the pair. What acts
 * do to single declarations is judged where these are read. Archived checkpoints are those that came after `since`.
 */
export async function replayEvents(
  { declarations, events }: SignedPair,
  since: { readonly events: number },
  listedSizes: ReadonlySet<number>,
  trust: Trust,
): Promise<ReplayedEvents> {
  const history = startHistory()
  const archived = await replayEntries(
    'events',
    eventTree(events),
    {
      accept: (position, entry, { file }) => {
        const event = readEvent(position, entry, file)
        const beyond =
          event.size > declarations.size ? 'it names a larger log than there is' : undefined
        const reason = beyond ?? addToHistory(history, position, event, entry)
        if (reason !== undefined) {
          throw new VerifyError(
            'event_refused',
            file,
            `event ${position} (${event.type}): ${reason}`,
          )
        }
        return event.day
      },
      // Every publication ends in its tally, so the log grew to just behind one each time.
      isArchived: (size) => listedSizes.has(size) || history.tallies.at(-1)?.position === size - 1,
      since: { size: since.events, lastDay: '' },
    },
    trust,
  )
  return { history, archived }
}

function readEvent(position: number, entry: Uint8Array, file: string): LogEvent {
  try {
    return parseEvent(entry)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_event', file, `event ${position} does not read: ${reason}`, {
      cause,
    })
  }
}
