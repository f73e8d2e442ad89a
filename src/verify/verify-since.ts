import { keyOfPart, tallyOf } from '../declaration/tally.ts'
import { verifyCheckpoint } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import { archiveFile } from './archive.ts'
import { ContentPass } from './content-pass.ts'
import { VerifyError } from './error.ts'
import { requireNoFork } from './fork.ts'
import { LOGS, type Pair } from './latest.ts'
import type { MonitorState } from './monitor-state.ts'
import { PARTS } from './part-rules.ts'
import { type ReadFile, readRequired } from './read-file.ts'
import { registerOrigins } from './register-origins.ts'
import type { Trust } from './trust.ts'
import { type VerifiedLogs, verifyGrowth } from './verified-register.ts'
import { readLatest } from './verify-pair.ts'
import type { RegisterEvidence } from './verify-register.ts'
import { evidenceOf, settle, trustFrom, type VerifyOptions, verifyAll } from './verify-register.ts'

export type SinceOptions = VerifyOptions & {
  /** POSIX seconds. */
  readonly now: number
  readonly maxAgeSeconds: number
  /** How many bundles of old content are read again at each look. */
  readonly recheckBundles: number
}

export type Look = {
  readonly evidence: RegisterEvidence
  readonly state: MonitorState
  /** Declarations and events that were new. */
  readonly grown: { readonly declarations: number; readonly events: number }
  /** Seconds since the last cosignature of the older of the two logs; null while nobody cosigns. */
  readonly ageSeconds: number | null
}

/**
 * One look of a monitor. With the state of an earlier one only what is new is read, the older content in turns, and the
 * logs must continue what the state holds. Throws VerifyError at a finding, ForkError where two signed notes contradict.
 */
export async function verifySince(
  state: MonitorState | null,
  read: ReadFile,
  options: SinceOptions,
): Promise<Look> {
  const trust = trustFrom(read, options)
  const origins = registerOrigins(options.policy)
  const found =
    state === null
      ? await verifyAll(origins, options, trust)
      : await verifyFrom(state, options, trust)
  const { logs, files } = found
  if (state !== null) requireStillShown(state, logs)
  const ageSeconds = requireFresh(logs, options)
  return {
    evidence: evidenceOf(logs, files, origins, options),
    state: await nextState(state, logs, options, trust),
    grown: grownSince(found.from, logs.pair),
    ageSeconds,
  }
}

async function verifyFrom(state: MonitorState, options: SinceOptions, trust: Trust) {
  const origins = registerOrigins(options.policy)
  const from = openState(state, options.policy, trust)
  await requireNoFork(state.notes, from, origins, trust)
  const content = new ContentPass(trust)
  const { counts, declarations } = countsOf(state)
  const before = {
    pair: from,
    base: {
      counts,
      declarations,
      events: from.events.size,
      tallies: state.tallies,
      lastDay: state.lastDay,
    },
    content,
    archived: { declarations: 0, events: 0 },
    hiddenTexts: new Set<number>(),
  }
  const also = bundlesToRecheck(state, from, options)
  const latest = await readLatest(trust)
  const grown = await verifyGrowth(before, latest, false, origins, trust, also)
  return { ...(await settle(grown, origins, options, trust)), from }
}

/** The state was verified when it was written; that it is still signed shows that policy and state belong together. */
function openState(state: MonitorState, policy: SinceOptions['policy'], trust: Trust): Pair {
  const open = (note: Uint8Array) => verifyCheckpoint(note, policy, trust.ed25519Verify).checkpoint
  return { declarations: open(state.notes.declarations), events: open(state.notes.events) }
}

function countsOf({ tally }: MonitorState) {
  const counts = new Map(tally.parts.map((part) => [keyOfPart(part), part.count]))
  return { counts, declarations: tally.declarations }
}

/** Some of the old content each time, so that all of it is read again in the end; what need not be shown, every time. */
function bundlesToRecheck(
  { nextBundle, shown }: MonitorState,
  { declarations }: Pair,
  { recheckBundles }: SinceOptions,
): ReadonlySet<number> {
  const bundles = Math.ceil(declarations.size / TILE_WIDTH)
  const also = new Set([...shown.keys()].map((index) => Math.floor(index / TILE_WIDTH)))
  for (let i = 0; i < Math.min(recheckBundles, bundles); i++) also.add((nextBundle + i) % bundles)
  return also
}

/** What need not be shown and was is gone only if an event since then says so. */
function requireStillShown(state: MonitorState, { content, history, base }: VerifiedLogs): void {
  const before = state.tally.events
  for (const [index, parts] of state.shown) {
    if (index >= base.declarations) continue
    const now = content.optionalShown.get(index) ?? 0
    const gone = PARTS.filter((_, bit) => (parts & ~now & (1 << bit)) !== 0)
    if (gone.length === 0) continue
    if (history.acts.get(index)?.some(({ position }) => position > before) === true) continue
    const bundle = Math.floor(index / TILE_WIDTH)
    const message = `${gone.join(' and ')} of declaration ${index} was shown at the last look and is gone, and no event says why`
    throw new VerifyError('part_missing', content.pathOf(bundle), message)
  }
}

/** Both logs were cosigned lately, and within a day of each other: nobody holds the newest state back. */
function requireFresh(
  { pair }: VerifiedLogs,
  { policy, now, maxAgeSeconds }: SinceOptions,
): number | null {
  const last = LOGS.map((log) => {
    const { cosignatures } = pair[log].served
    return Math.max(...cosignatures.map(({ time }) => time))
  })
  if (policy.quorum === 'none' || !last.every(Number.isFinite)) return null
  const [declarations = 0, events = 0] = last
  const age = now - Math.min(declarations, events)
  const older = declarations < events ? 'declarations' : 'events'
  if (age > maxAgeSeconds) {
    const hours = Math.floor(age / 3600)
    const message = `no witness has cosigned it for ${hours} hours`
    throw new VerifyError('stale', `log/${older}/checkpoint`, message)
  }
  if (Math.abs(declarations - events) > 24 * 3600) {
    const message = 'it was witnessed more than 24 hours before the other log'
    throw new VerifyError('checkpoints_far_apart', `log/${older}/checkpoint`, message)
  }
  return age
}

async function nextState(
  state: MonitorState | null,
  { pair, base, content }: VerifiedLogs,
  { recheckBundles }: SinceOptions,
  { read }: Trust,
): Promise<MonitorState> {
  const note = (log: 'declarations' | 'events') =>
    readRequired(read, archiveFile(log, pair[log].size), MAX_NOTE_BYTES)
  const { declarations, events, counts, lastDay, tallies } = base
  const bundles = Math.max(1, Math.ceil(declarations / TILE_WIDTH))
  return {
    notes: { declarations: await note('declarations'), events: await note('events') },
    lastDay,
    tally: tallyOf(declarations, events - 1, counts),
    tallies,
    shown: content.optionalShown,
    nextBundle: state === null ? 0 : (state.nextBundle + recheckBundles) % bundles,
  }
}

function grownSince(from: Pair | null, to: Pair) {
  return {
    declarations: to.declarations.size - (from?.declarations.size ?? 0),
    events: to.events.size - (from?.events.size ?? 0),
  }
}
