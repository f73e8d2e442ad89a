import { encodeEvent } from '../declaration/event.ts'
import { formatTally } from '../declaration/tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { listQueuedEvents, removeQueuedEvents } from './event-queue.ts'
import type { Log } from './log.ts'
import type { LogState } from './log-state-store.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { loadTally } from './tally-store.ts'

/** Events of one publication; what is beyond waits for the next. */
const EVENTS_AT_ONCE = 1000

/**
 * Appends the waiting events and, last, the `tally` over all declarations and all events before it: every published
 * pair ends in its own tally.
 */
export async function sequenceEvents(
  log: Log,
  state: LogState,
  declarations: LogState,
  day: string,
  deps: SequencingDeps,
): Promise<LogState> {
  const size = declarations.edge.size
  const queued = await listQueuedEvents(deps.db, EVENTS_AT_ONCE, { day, size })
  const events = state.edge.size + queued.events.length
  const text = formatTally(await loadTally(deps.db, size, events))
  const tally = toHex(deps.sha256(utf8(text)))
  const entries = [...queued.events, { type: 'tally', day, size, events, tally } as const]
  return sequence(
    log,
    state,
    {
      day,
      entries: entries.map(encodeEvent),
      content: null,
      alongside: (tx) => removeQueuedEvents(tx, queued.ids),
    },
    deps,
  )
}
