import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { formatLines, parseLines } from '../encoding/lines.ts'
import { type Opening, type Salt, saltFromBase64 } from './commitment.ts'
import { DeclarationError } from './error.ts'
import {
  type ActEvent,
  type ActType,
  type EventOf,
  encodeEvent,
  isAct,
  parseEvent,
} from './event.ts'
import type { Authority } from './event-lines.ts'
import { BASE64_32_BYTES, HEX_32_BYTES, whole } from './grammar.ts'

/** A kept file with the longest text in it is a padded 256 KiB, written in base64. */
export const SIGNED_ACT_MAX_BYTES = 512 * 1024

export type AuthorSigned = Extract<Authority, { kind: 'author-signed' }>
/** The event of an author's act as it will stand in the log, without the day and size of its publication. */
export type UnplacedAct = {
  [Type in ActType]: Omit<EventOf<Type>, 'day' | 'size' | 'by'> & { readonly by: AuthorSigned }
}[ActType]

export const OPENED_PARTS = ['body', 'name', 'about'] as const
export type OpenedPart = (typeof OPENED_PARTS)[number]

/** An author's act with what the service needs to carry it out; what any channel carries. */
export type SignedAct = {
  /** Origin of the declaration log. */
  readonly origin: string
  readonly event: UnplacedAct
  /** What becomes visible; in the order of `OPENED_PARTS`. */
  readonly open: readonly (Opening & { readonly part: OpenedPart })[]
  /** An age file to the receipt that holds after the act; it replaces the one that is stored. */
  readonly kept: Uint8Array | null
  /** Look-up hash of the new receipt, in hex; with `rekey` only. */
  readonly receipt: string | null
  /** The look-up id itself, 32 bytes: who brings it holds the receipt. */
  readonly lookup: Uint8Array
  /** Whether whoever watches the site may see when it was asked for. */
  readonly when: 'now' | 'batch'
}

const ORIGIN_LINE = whole('origin (?<origin>[a-z0-9][a-z0-9.:/_-]{0,254})')
const OPEN_LINE = whole(
  `open (?<part>${OPENED_PARTS.join('|')}) (?<salt>${BASE64_32_BYTES}) (?<value>[A-Za-z0-9+/=]*)`,
)
const KEPT_LINE = whole('kept (?<kept>[A-Za-z0-9+/=]+)')
const RECEIPT_LINE = whole(`receipt (?<receipt>${HEX_32_BYTES})`)
const LOOKUP_LINE = whole(`lookup (?<lookup>${HEX_32_BYTES})`)
const WHEN_LINE = whole('when (?<when>now|batch)')

/** Throws `bad_act` for what would not read back. */
export function encodeSignedAct(act: SignedAct): Uint8Array {
  const { origin, event, open, kept, receipt, lookup, when } = act
  const bytes = formatLines([
    'avow/signed-act/v1',
    `origin ${origin}`,
    ...eventLines(event),
    ...open.map(({ part, salt, value }) => `open ${part} ${toBase64(salt)} ${toBase64(value)}`),
    ...(kept === null ? [] : [`kept ${toBase64(kept)}`]),
    ...(receipt === null ? [] : [`receipt ${receipt}`]),
    `lookup ${toHex(lookup)}`,
    `when ${when}`,
  ])
  parseSignedAct(bytes)
  return bytes
}

/** Throws `bad_act`. The bytes may come from anyone; what they say is judged by `applyAct` and the publisher. */
export function parseSignedAct(bytes: Uint8Array): SignedAct {
  const lines = readLines(bytes)
  if (lines.shift() !== 'avow/signed-act/v1') throw badAct('not a signed act')
  const origin = take(lines, ORIGIN_LINE)?.['origin']
  const event = takeEvent(lines)
  const open = takeOpenings(lines)
  const kept = take(lines, KEPT_LINE)?.['kept'] ?? null
  const receipt = take(lines, RECEIPT_LINE)?.['receipt'] ?? null
  const lookup = take(lines, LOOKUP_LINE)?.['lookup']
  const when = take(lines, WHEN_LINE)?.['when']
  if (lines.length > 0) throw badAct('unknown, repeated or misplaced line')
  if (origin === undefined || lookup === undefined || when === undefined) {
    throw badAct('origin, lookup or when missing')
  }
  if ((event.type === 'rekey') !== (receipt !== null)) {
    throw badAct('a new receipt comes with rekey and only with it')
  }
  return {
    origin,
    event,
    open,
    kept: kept === null ? null : readBase64(kept),
    receipt,
    lookup: fromHex(lookup),
    when: when === 'now' ? 'now' : 'batch',
  }
}

/** The event as the log has it. */
export function placeAct(
  event: UnplacedAct,
  place: { readonly day: string; readonly size: number },
): ActEvent {
  return { ...event, ...place }
}

// Read back as the event it will be, so that nothing that the log could not hold is ever accepted.
const NOT_YET = { day: '1970-01-01', size: 0 }

function eventLines(event: UnplacedAct): readonly string[] {
  const [, type = '', , , ...rest] = parseLines(encodeEvent(placeAct(event, NOT_YET)), Infinity)
  return [type, ...rest]
}

function takeEvent(lines: string[]): UnplacedAct {
  const end = lines.findIndex((line) => line.startsWith('by '))
  const [type = '', ...rest] = lines.splice(0, end + 1)
  const event = readEvent([
    'avow/event/v1',
    type,
    `day ${NOT_YET.day}`,
    `size ${NOT_YET.size}`,
    ...rest,
  ])
  if (!isAct(event) || event.by.kind !== 'author-signed') throw badAct('not an author’s act')
  const { day: _day, size: _size, ...unplaced } = event
  return { ...unplaced, by: event.by } as UnplacedAct
}

function readEvent(lines: readonly string[]) {
  try {
    return parseEvent(formatLines(lines))
  } catch (cause) {
    throw badAct('its event does not read', cause)
  }
}

function takeOpenings(lines: string[]): SignedAct['open'] {
  const open: { part: OpenedPart; salt: Salt; value: Uint8Array }[] = []
  for (const part of OPENED_PARTS) {
    if (lines[0]?.startsWith(`open ${part} `) !== true) continue
    const written = take(lines, OPEN_LINE)
    if (written === undefined) throw badAct('an opening does not fit the grammar')
    const salt = saltFromBase64(written['salt'] ?? '')
    open.push({ part, salt, value: readBase64(written['value'] ?? '') })
  }
  return open
}

/** The groups of the next line if it matches; the line is then taken. */
function take(lines: string[], pattern: RegExp) {
  const groups = pattern.exec(lines[0] ?? '')?.groups
  if (groups !== undefined) lines.shift()
  return groups
}

function readBase64(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch (cause) {
    throw badAct('not base64', cause)
  }
}

function readLines(bytes: Uint8Array): string[] {
  try {
    return parseLines(bytes, SIGNED_ACT_MAX_BYTES)
  } catch (cause) {
    throw badAct('not lines', cause)
  }
}

function badAct(message: string, cause?: unknown): DeclarationError {
  return new DeclarationError('bad_act', message, cause)
}
