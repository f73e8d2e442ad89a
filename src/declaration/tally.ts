import { fromUtf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import { EVIDENCE, type Evidence, KEY_ORIGINS, type KeyOrigin } from './evidence.ts'
import { COUNT, DAY, HEX_32_BYTES, ORGANISATIONS, whole } from './grammar.ts'
import type { LeafState } from './leaf-state.ts'

/** 60 years of daily parts of one register are about 50 MB. */
export const TALLY_MAX_BYTES = 64 * 1024 * 1024

const PART_STATES = ['standing', 'withdrawn', 'flagged', 'withdrawn+flagged'] as const
export type PartState = (typeof PART_STATES)[number]

/** Declarations that agree in everything the tally tells apart. Every declaration is in exactly one part. */
export type TallyPart = {
  readonly form: string
  readonly day: string
  readonly orgs: string
  readonly evidence: Evidence
  readonly key: KeyOrigin
  readonly confirmed: boolean
  readonly state: PartState
  readonly count: number
}

/** The parts over leaves [0, declarations) and events [0, events): their counts sum to `declarations`. */
export type Tally = {
  readonly declarations: number
  readonly events: number
  /** Sorted by the line that names them. */
  readonly parts: readonly TallyPart[]
}

export type StateCounts = Readonly<Record<PartState, number>>

const PART_LINE = whole(
  `part (?<form>${HEX_32_BYTES}) (?<day>${DAY}) (?<orgs>${ORGANISATIONS}) ` +
    `(?<evidence>${EVIDENCE.join('|')}) (?<key>${KEY_ORIGINS.join('|')}) (?<confirmed>[01]) ` +
    `(?<state>standing|withdrawn|flagged|withdrawn\\+flagged) (?<count>[1-9]\\d{0,14})`,
)

/** The line of a part without its count: the key by which declarations are told apart. */
export function partKey({
  leaf,
  withdrawn,
  flagged,
  confirmed,
}: Omit<LeafState, 'leafHash'>): string {
  const state = withdrawn ? (flagged ? 'withdrawn+flagged' : 'withdrawn') : undefined
  return [
    `part ${leaf.form} ${leaf.day} ${leaf.orgs.join(',')} ${leaf.evidence} ${leaf.key}`,
    confirmed ? '1' : '0',
    state ?? (flagged ? 'flagged' : 'standing'),
  ].join(' ')
}

export function tallyOf(
  declarations: number,
  events: number,
  counts: ReadonlyMap<string, number>,
): Tally {
  const lines = Array.from(counts, ([key, count]) => ({ key, line: `${key} ${count}`, count }))
  const parts = lines
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => compare(a.key, b.key))
    .map(({ line }) => parsePart(line))
  return { declarations, events, parts }
}

export function formatTally({ declarations, events, parts }: Tally): string {
  const lines = [
    'avow/tally/v1',
    `declarations ${declarations}`,
    `events ${events}`,
    ...parts.map((part) => `${keyOfPart(part)} ${part.count}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Throws `bad_tally`: wrong grammar, parts out of order or twice, or a sum that is not the total. */
export function parseTally(bytes: Uint8Array): Tally {
  if (bytes.length > TALLY_MAX_BYTES) throw badTally('too long')
  const text = decode(bytes)
  if (!text.endsWith('\n')) throw badTally('last line does not end in LF')
  const [version, declarationsLine = '', eventsLine = '', ...lines] = text.slice(0, -1).split('\n')
  if (version !== 'avow/tally/v1') throw badTally('not a tally')
  const declarations = readCount('declarations', declarationsLine)
  const events = readCount('events', eventsLine)
  const parts = lines.map(parsePart)
  let sum = 0
  let previous = ''
  for (const part of parts) {
    const key = keyOfPart(part)
    if (compare(previous, key) >= 0) throw badTally('parts out of order')
    previous = key
    sum += part.count
  }
  if (sum !== declarations) throw badTally('the parts do not sum to the total')
  return { declarations, events, parts }
}

export function keyOfPart(part: TallyPart): string {
  const { form, day, orgs, evidence, key, confirmed, state } = part
  return `part ${form} ${day} ${orgs} ${evidence} ${key} ${confirmed ? '1' : '0'} ${state}`
}

export function byState(parts: readonly TallyPart[]): StateCounts {
  const counts = { standing: 0, withdrawn: 0, flagged: 0, 'withdrawn+flagged': 0 }
  for (const { state, count } of parts) counts[state] += count
  return counts
}

export function byEvidence({ parts }: Tally): ReadonlyMap<Evidence, StateCounts> {
  const levels = EVIDENCE.map((evidence) => {
    const ofLevel = parts.filter((part) => part.evidence === evidence)
    return [evidence, byState(ofLevel)] as const
  })
  return new Map(levels)
}

/** Not additive: who left two organisations is in both counts. */
export function byOrganisation({ parts }: Tally): ReadonlyMap<string, StateCounts> {
  const organisations = new Map<string, TallyPart[]>()
  for (const part of parts) {
    for (const organisation of part.orgs.split(',')) {
      const listed = organisations.get(organisation)
      if (listed === undefined) organisations.set(organisation, [part])
      else listed.push(part)
    }
  }
  const sorted = Array.from(organisations).toSorted(([a], [b]) => compare(a, b))
  return new Map(sorted.map(([organisation, listed]) => [organisation, byState(listed)]))
}

function parsePart(line: string): TallyPart {
  const values = PART_LINE.exec(line)?.groups
  if (values === undefined) throw badTally('a part does not fit the grammar')
  const { form = '', day = '', orgs = '', confirmed, count } = values
  return {
    form,
    day,
    orgs,
    evidence: member(EVIDENCE, values['evidence']),
    key: member(KEY_ORIGINS, values['key']),
    confirmed: confirmed === '1',
    state: member(PART_STATES, values['state']),
    count: Number(count),
  }
}

const COUNT_PATTERN = whole(COUNT)

function readCount(name: string, line: string): number {
  const written = line.slice(name.length + 1)
  if (!line.startsWith(`${name} `) || !COUNT_PATTERN.test(written)) throw badTally(`no ${name}`)
  return Number(written)
}

function member<T extends string>(members: readonly T[], text: string | undefined): T {
  const found = members.find((candidate) => candidate === text)
  if (found === undefined) throw badTally('value outside the grammar')
  return found
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new DeclarationError('bad_tally', 'not UTF-8', cause)
  }
}

/** The keys are ASCII, so comparing UTF-16 units is comparing bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function badTally(message: string): DeclarationError {
  return new DeclarationError('bad_tally', message)
}
