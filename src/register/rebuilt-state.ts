import { type ActEvent, isAct, type LogEvent, parseEvent } from '../declaration/event.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import { type ActTrust, applyAct, startState } from '../declaration/leaf-state.ts'
import { edgeFromTiles, type TreeEdge } from '../tlog/edge.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { TILE_BYTES, TILE_WIDTH, tilePath, tileWidth } from '../tlog/tile.ts'
import { archiveFile } from '../verify/archive.ts'
import { readEntries } from '../verify/read-entries.ts'
import { type ReadFile, readRequired } from '../verify/read-file.ts'
import type { RegisterEvidence } from '../verify/verify-register.ts'
import { DAILY_ACTS } from './choose-acts.ts'
import { addRange, type Ranges, removeRange } from './flag-ranges.ts'
import type { StoredState } from './leaf-state-store.ts'
import type { LogId } from './log-keys.ts'

/** What the database has to hold for the pair that a verified copy shows, as far as the copy can tell. */
export type RebuiltState = {
  readonly heads: Readonly<Record<LogId, RebuiltHead>>
  /** Declarations that somebody acted upon. */
  readonly states: ReadonlyMap<number, StoredState>
  readonly flagged: Ranges
  /** What was last said of each kind, so that it is not said again. */
  readonly announced: ReadonlyMap<string, string>
  /** The events that it does not know. */
  readonly loggedSince: readonly LogEvent[]
  /** The declarations that the database does not know, by their author commitments. */
  readonly leavesSince: readonly NewLeaf[]
}

export type NewLeaf = {
  readonly idx: number
  readonly author: Uint8Array
  readonly leaf: Uint8Array
}

export type RebuiltHead = {
  readonly edge: TreeEdge
  readonly lastDay: string
  readonly note: Uint8Array
}

export type KnownSizes = { readonly declarations: number; readonly events: number }

/** `read` gives the files of the copy that `evidence` was gained from; nobody else writes them meanwhile. */
export async function readRebuiltState(
  read: ReadFile,
  { pair }: RegisterEvidence,
  before: KnownSizes,
  trust: ActTrust,
): Promise<RebuiltState> {
  const history = new History(read, pair, trust)
  const loggedSince: LogEvent[] = []
  for await (const { index, entry } of entriesOf('events', pair, 0, read)) {
    const event = parseEvent(entry)
    await history.add(event)
    if (index >= before.events) loggedSince.push(event)
  }
  const leavesSince: NewLeaf[] = []
  let lastDay = '1970-01-01'
  const first = Math.min(before.declarations, Math.max(pair.declarations.size - 1, 0))
  for await (const { index, entry } of entriesOf('declarations', pair, first, read)) {
    const { author, day } = parseLeaf(entry)
    lastDay = day
    if (index >= before.declarations) leavesSince.push({ idx: index, author, leaf: entry })
  }
  return {
    heads: {
      declarations: { ...(await readHead('declarations', pair, read)), lastDay },
      events: { ...(await readHead('events', pair, read)), lastDay: history.lastDay },
    },
    states: history.states,
    flagged: history.flagged,
    announced: history.announced,
    loggedSince,
    leavesSince,
  }
}

async function readHead(log: LogId, pair: RegisterEvidence['pair'], read: ReadFile) {
  const edge = await edgeFromTiles(pair[log].size, (level, index, width) =>
    readRequired(read, `log/${log}/${tilePath(level, index, width)}`, TILE_BYTES),
  )
  // As it was published: cosigned again each day, the served one has newer lines, which the database never kept.
  const note = await readRequired(read, archiveFile(log, pair[log].size), MAX_NOTE_BYTES)
  return { edge, note }
}

async function* entriesOf(
  log: LogId,
  pair: RegisterEvidence['pair'],
  first: number,
  read: ReadFile,
): AsyncGenerator<{ readonly index: number; readonly entry: Uint8Array }> {
  const { size } = pair[log]
  const tree = {
    ...pair[log],
    folder: `log/${log}`,
    signedIn: `log/${log}/checkpoint`,
    maxEntryBytes: 0xffff,
  }
  for (let tile = Math.floor(first / TILE_WIDTH); tile * TILE_WIDTH < size; tile++) {
    const { entries } = await readEntries(tree, tile, tileWidth(0, tile, size), read)
    for (const [i, entry] of entries.entries()) {
      const index = tile * TILE_WIDTH + i
      if (index >= first) yield { index, entry }
    }
  }
}

/** Follows all events from the first on. They were verified: each is one that counts. */
class History {
  readonly states = new Map<number, StoredState>()
  readonly announced = new Map<string, string>()
  flagged: Ranges = []
  lastDay = '1970-01-01'
  readonly #read: ReadFile
  readonly #pair: RegisterEvidence['pair']
  readonly #trust: ActTrust

  constructor(read: ReadFile, pair: RegisterEvidence['pair'], trust: ActTrust) {
    this.#read = read
    this.#pair = pair
    this.#trust = trust
  }

  async add(event: LogEvent): Promise<void> {
    this.lastDay = event.day
    if (isAct(event)) return this.#act(event)
    switch (event.type) {
      case 'flag':
        this.flagged = event.ranges.reduce(addRange, this.flagged)
        return
      case 'unflag':
        this.flagged = event.ranges.reduce(removeRange, this.flagged)
        return
      case 'form':
        this.announced.set(`form ${event.form}`, event.form)
        return
      case 'key':
        this.announced.set(event.subject, event.hash)
        return
      case 'centres':
        this.announced.set('centres', event.directory)
        return
      case 'app':
        this.announced.set('app', event.files.map(({ name, hash }) => `${name} ${hash}`).join('\n'))
        return
      default:
        return
    }
  }

  async #act(event: ActEvent): Promise<void> {
    const before = this.states.get(event.index) ?? (await this.#original(event.index))
    const after = applyAct(before, event, this.#trust)
    const { by } = event
    const shownSalt = by.kind === 'author-signed' ? by.salt : null
    this.states.set(event.index, { ...after, authorSalt: shownSalt ?? before.authorSalt })
    // Whether it was the batch of its day or went at once is in no file: a day without a second batch hides more.
    if (by.kind === 'author-signed') this.announced.set(DAILY_ACTS, event.day)
  }

  async #original(index: number): Promise<StoredState> {
    for await (const { entry } of entriesOf('declarations', this.#pair, index, this.#read)) {
      return { ...startState(parseLeaf(entry), this.#trust.sha256), authorSalt: null }
    }
    throw new RangeError(`declaration ${index} is beyond the log`)
  }
}
