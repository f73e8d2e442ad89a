import { join } from 'node:path'
import { encodeEvent } from '../declaration/event.ts'
import { formatTally } from '../declaration/tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { Policy } from '../tlog/policy.ts'
import { formatLatest, LATEST_FILE, type Pair } from '../verify/latest.ts'
import { loadAnnouncedDirectory } from './directory-follower.ts'
import { findFile, type NamedBytes, writeDurably } from './durable-files.ts'
import { RegisterError } from './error.ts'
import { listQueuedEvents, removeQueuedEvents } from './event-queue.ts'
import type { Log } from './log.ts'
import type { LogState } from './log-state-store.ts'
import { type SequencingDeps, sequence } from './sequence.ts'
import { loadTally } from './tally-store.ts'

const TALLY_FILE = 'log/tally'
const DIRECTORY_FILE = 'log/directory'
/** Events of one publication; what is beyond waits for the next. */
const EVENTS_AT_ONCE = 1000

export type PairDeps = SequencingDeps & {
  readonly policy: Policy
  readonly compareWithWitnesses: (log: Log, note: Uint8Array) => Promise<void>
  readonly publicFolder: string
  /** Policy and form definition: what `key` and `form` events name by hash, by path from the site's root. */
  readonly namedFiles: readonly NamedBytes[]
}

/**
 * Appends the waiting events and, last, the `tally` over all declarations and all events before it: every published
 * pair ends in its own tally. Then names the pair in `log/latest`.
 */
export async function publishPair(
  log: Log,
  state: LogState,
  declarations: LogState,
  day: string,
  deps: PairDeps,
): Promise<LogState> {
  const size = declarations.edge.size
  const queued = await listQueuedEvents(deps.db, EVENTS_AT_ONCE, { day, size })
  const events = state.edge.size + queued.events.length
  const text = formatTally(await loadTally(deps.db, size, events))
  const tally = toHex(deps.sha256(utf8(text)))
  const published = await sequence(
    log,
    state,
    {
      day,
      entries: [...queued.events, { type: 'tally', day, size, events, tally } as const].map(
        encodeEvent,
      ),
      content: null,
      alongside: (tx) => removeQueuedEvents(tx, queued.ids),
    },
    deps,
  )
  await writeLatest(published, declarations, log.scratch, deps)
  return published
}

/**
 * Writes what the newest events name by hash, and last the pair. Until `latest` is renamed into place readers see the
 * older pair; a crash in between is made good by doing this again at start.
 */
export async function writeLatest(
  events: LogState,
  declarations: LogState,
  scratch: string,
  { db, publicFolder, namedFiles }: Pick<PairDeps, 'db' | 'publicFolder' | 'namedFiles'>,
): Promise<Pair> {
  if (events.edge.size === 0) throw new RegisterError('bad_state', 'no tally was ever logged')
  const tally = await loadTally(db, declarations.edge.size, events.edge.size - 1)
  const pair: Pair = {
    declarations: { size: declarations.edge.size, root: declarations.root },
    events: { size: events.edge.size, root: events.root },
  }
  const directory = await loadAnnouncedDirectory(db)
  const files = [
    ...namedFiles,
    ...(directory === undefined ? [] : [{ path: DIRECTORY_FILE, bytes: directory }]),
    { path: TALLY_FILE, bytes: utf8(formatTally(tally)) },
    { path: LATEST_FILE, bytes: formatLatest(pair) },
  ]
  for (const { path, bytes } of files) {
    await writeIfChanged(join(publicFolder, path), bytes, scratch)
  }
  return pair
}

async function writeIfChanged(path: string, bytes: Uint8Array, scratch: string): Promise<void> {
  const known = await findFile(path)
  if (known !== undefined && Buffer.compare(known, bytes) === 0) return
  await writeDurably([{ path, bytes }], scratch)
}
