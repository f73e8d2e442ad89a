import { encodeEvent } from '../declaration/event.ts'
import { formatTally } from '../declaration/tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { countEvents } from './count-events.ts'
import { markErasuresLogged } from './erase-content.ts'
import { listQueuedEvents, removeQueuedEvents } from './event-queue.ts'
import { loadFlagged, saveFlagged, saveStates } from './leaf-state-store.ts'
import type { Log } from './log.ts'
import type { LogState } from './log-state-store.ts'
import { markRaisedLogged } from './raise-content.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { addToTally, loadTally } from './tally-store.ts'

/** Events of one publication; what is beyond waits for the next. */
const EVENTS_AT_ONCE = 1000

/**
 * Appends the waiting events and, last, the `tally` over all declarations and all events before it: every published
 * pair ends in its own tally.
 */
export async function sequenceEvents(
  logs: { readonly declarations: Log; readonly events: Log },
  state: LogState,
  declarations: LogState,
  day: string,
  deps: SequencingDeps,
): Promise<LogState> {
  const size = declarations.edge.size
  const flagged = await loadFlagged(deps.db)
  const queued = await listQueuedEvents(deps.db, EVENTS_AT_ONCE, { day, size })
  const { origin, served } = logs.declarations
  const { db, sha256 } = deps
  const counted = await countEvents(
    queued.events,
    { origin, sha256, ed25519Verify: nobleEd25519.verify },
    { db, entries: { served, size }, flagged, sha256 },
  )
  const events = state.edge.size + counted.events.length
  const text = formatTally(await loadTally(db, size, events, counted.parts))
  const tally = toHex(deps.sha256(utf8(text)))
  const entries = [...counted.events, { type: 'tally', day, size, events, tally } as const]
  return sequence(
    logs.events,
    state,
    {
      day,
      entries: entries.map(encodeEvent),
      content: null,
      async alongside(tx) {
        await removeQueuedEvents(tx, queued.ids)
        await addToTally(tx, counted.parts)
        await saveStates(tx, counted.states)
        if (counted.flagged !== flagged) await saveFlagged(tx, counted.flagged)
        await markErasuresLogged(tx)
        await markRaisedLogged(tx)
      },
    },
    deps,
  )
}
