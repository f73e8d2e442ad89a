import {
  integer,
  listOf,
  object,
  oneOf,
  parseCanonicalJson,
  text,
} from '../declaration/json-shape.ts'
import { formatTally, parseTally, TALLY_MAX_BYTES, type Tally } from '../declaration/tally.ts'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import type { LogName } from './latest.ts'

/** What a monitor keeps between two looks: the last verified pair as both logs signed it, and what goes on from there. */
export type MonitorState = {
  readonly notes: Readonly<Record<LogName, Uint8Array>>
  readonly lastDay: string
  readonly tally: Tally
  /** How many tallies were logged up to the pair. */
  readonly tallies: number
  /** Parts that need not be shown and were: body 1, name 2, about 4, added up; by index. */
  readonly shown: ReadonlyMap<number, number>
  /** The content bundle with which the next look begins. */
  readonly nextBundle: number
}

/** The tally is most of it. */
export const MAX_STATE_BYTES = 2 * TALLY_MAX_BYTES
const MAX_SHOWN = 1_000_000

const count = integer(0, Number.MAX_SAFE_INTEGER)
const note = text(2 * MAX_NOTE_BYTES, /^[A-Za-z0-9+/]*={0,2}$/)
const shape = object({
  format: oneOf(['avow/monitor-state/v1']),
  lastDay: text(10, /^(\d{4}-\d\d-\d\d)?$/),
  nextBundle: count,
  notes: object({ declarations: note, events: note }),
  shown: listOf(listOf(count, 2, 2), 0, MAX_SHOWN),
  tallies: count,
  tally: text(TALLY_MAX_BYTES),
})

export function formatMonitorState(state: MonitorState): Uint8Array {
  const { notes, lastDay, tally, tallies, shown, nextBundle } = state
  return utf8(
    canonicalJson({
      format: 'avow/monitor-state/v1',
      lastDay,
      nextBundle,
      notes: { declarations: toBase64(notes.declarations), events: toBase64(notes.events) },
      shown: [...shown].slice(0, MAX_SHOWN).toSorted(([a], [b]) => a - b),
      tallies,
      tally: formatTally(tally),
    }),
  )
}

/** Throws DeclarationError or EncodingError: a state that somebody wrote on is none. */
export function parseMonitorState(bytes: Uint8Array): MonitorState {
  const read = parseCanonicalJson(bytes, MAX_STATE_BYTES, shape, 'bad_tally')
  return {
    notes: {
      declarations: fromBase64(read.notes.declarations),
      events: fromBase64(read.notes.events),
    },
    lastDay: read.lastDay,
    tally: parseTally(utf8(read.tally)),
    tallies: read.tallies,
    shown: new Map(read.shown.map(([index = 0, parts = 0]) => [index, parts])),
    nextBundle: read.nextBundle,
  }
}
