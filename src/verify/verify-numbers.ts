import {
  byEvidence,
  byOrganisation,
  byState,
  type StateCounts,
  type Tally,
} from '../declaration/tally.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../encoding/canonical-json.ts'
import { TlogError } from '../tlog/error.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import { parsePolicy, verifyCheckpoint } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { VerifyError } from './error.ts'
import type { EventHistory } from './event-history.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from './logged-files.ts'
import type { Trust } from './trust.ts'
import type { SignedPair } from './verify-pair.ts'

export const COUNT_FILE = 'count.json'
/** The way of counting that this verifier knows. */
const METHOD = 1
const MINUTE_MS = 60_000
const MAX_COUNT_BYTES = 16 * 1024 * 1024
const MAX_PAGE_BYTES = 4 * 1024 * 1024
const DATA_TAG = /<data\b[^<>]{0,1000}>/gi
const IS_COUNT = /\sid\s*=\s*["']?count["'\s>]/i
const STATED = /\svalue\s*=\s*"([^"]*)"/i

export type CountedPair = {
  readonly tally: Tally
  readonly tallySha256: string
  readonly history: Pick<EventHistory, 'claimed' | 'keptOut'>
}
export type NumbersTrust = Pick<Trust, 'read' | 'ed25519Verify'>

/**
 * Where the site states numbers for programs (`count.json`) or people (the front page of a language), they are those of
 * the tally. Both files may be missing: a mirror need not carry them. Returns the files in which the count stands and was
 * compared: a page that states it in any other way is nothing that was proven.
 */
export async function verifyNumbers(
  pair: SignedPair,
  counted: CountedPair,
  languages: Iterable<string>,
  trust: NumbersTrust,
): Promise<readonly string[]> {
  const { read } = trust
  const { tally } = counted
  const compared: string[] = []
  const count = await read(COUNT_FILE, MAX_COUNT_BYTES)
  if (count !== undefined) {
    const cosigned = await readCosigned(pair, trust)
    verifyCountFile(count, expectedNumbers(pair, counted), cosigned)
    compared.push(COUNT_FILE)
  }
  for (const language of languages) {
    const file = `${language}/index.html`
    const page = await read(file, MAX_PAGE_BYTES)
    if (page === undefined) continue
    if (verifyPage(file, page, tally.declarations) > 0) compared.push(file)
  }
  return compared
}

/** The members of `count.json` that follow from the logs. */
function expectedNumbers(
  { declarations, events }: SignedPair,
  { tally, tallySha256, history }: CountedPair,
): Readonly<Record<string, CanonicalValue>> {
  return {
    method: METHOD,
    declarations: declarations.size,
    events: events.size,
    origins: { declarations: declarations.origin, events: events.origin },
    roots: { declarations: toBase64(declarations.root), events: toBase64(events.root) },
    tallySha256,
    byEvidence: sumsOf(byEvidence(tally)),
    byState: byState(tally.parts),
    byOrganisationNotAdditive: sumsOf(byOrganisation(tally)),
    byOrganisationsNamedTogether: countBy(tally, ({ orgs }) => orgs),
    byMonth: countBy(tally, ({ day }) => day.slice(0, 7)),
    notCounted: { claimed: history.claimed, keptOut: Object.fromEntries(history.keptOut) },
  }
}

function verifyCountFile(
  bytes: Uint8Array,
  expected: Readonly<Record<string, CanonicalValue>>,
  cosigned: Cosigned | undefined,
): void {
  const stated = new Map(Object.entries(readObject(bytes)))
  if (!stated.has('declarations')) throw countMismatch(COUNT_FILE, 'it does not state the count')
  for (const [name, value] of Object.entries(expected)) {
    const given = stated.get(name)
    if (given !== undefined && canonicalJson(given) !== canonicalJson(value)) {
      throw countMismatch(COUNT_FILE, `its ${name} does not follow from the logs`)
    }
  }
  if (cosigned !== undefined) verifyCosigned(stated, cosigned)
}

/** What the note of the declaration log says by the policy that is served beside it, which is the logged one. */
type Cosigned = { readonly time: string | null; readonly witnesses: readonly string[] }

/** Undefined where the served policy has nothing to say about this note: then nothing can be compared. */
async function readCosigned(
  { declarations }: SignedPair,
  { read, ed25519Verify }: NumbersTrust,
): Promise<Cosigned | undefined> {
  const served = await read(POLICY_FILE, MAX_POLICY_BYTES)
  const note = await read(declarations.file, MAX_NOTE_BYTES)
  if (served === undefined || note === undefined) return undefined
  try {
    const policy = parsePolicy(fromUtf8(served))
    const { cosignatures } = verifyCheckpoint(note, policy, ed25519Verify)
    const last = Math.max(...cosignatures.map(({ time }) => time))
    const minute = MINUTE_MS * Math.floor((1000 * last) / MINUTE_MS)
    return {
      time: cosignatures.length === 0 ? null : new Date(minute).toISOString(),
      witnesses: independentWitnesses(policy, cosignatures),
    }
  } catch (cause) {
    if (cause instanceof TlogError) return undefined
    throw cause
  }
}

function verifyCosigned(
  stated: ReadonlyMap<string, CanonicalValue>,
  { time, witnesses }: Cosigned,
): void {
  if (time !== null && (stated.get('time') ?? time) !== time) {
    throw countMismatch(COUNT_FILE, 'its time is not when the pair was witnessed')
  }
  if (canonicalJson(stated.get('witnesses') ?? [...witnesses]) !== canonicalJson([...witnesses])) {
    throw countMismatch(COUNT_FILE, 'its witnesses are not those that cosigned')
  }
}

function readObject(bytes: Uint8Array): { readonly [name: string]: CanonicalValue } {
  let value: CanonicalValue
  try {
    value = JSON.parse(fromUtf8(bytes))
    if (`${canonicalJson(value)}\n` !== fromUtf8(bytes)) throw new Error('another spelling')
  } catch (cause) {
    throw countMismatch(COUNT_FILE, 'it is not canonical JSON', cause)
  }
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw countMismatch(COUNT_FILE, 'it is not an object')
  }
  return value
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}

/** How often the page states the count. Its markup may be spelled in other ways than ours. */
function verifyPage(file: string, bytes: Uint8Array, declarations: number): number {
  // Whatever else the page may hold, undecodable bytes included: only the stated count is compared.
  const page = new TextDecoder().decode(bytes)
  const tags = [...page.matchAll(DATA_TAG)].map(([tag]) => tag).filter((tag) => IS_COUNT.test(tag))
  for (const tag of tags) {
    if (STATED.exec(tag)?.[1] !== String(declarations)) {
      throw countMismatch(file, 'the page states another count than the log')
    }
  }
  return tags.length
}

function sumsOf(counts: ReadonlyMap<string, StateCounts>): Record<string, number> {
  return Object.fromEntries(
    Array.from(counts, ([name, states]) => [
      name,
      Object.values(states).reduce((sum, count) => sum + count, 0),
    ]),
  )
}

function countBy(
  { parts }: Tally,
  nameOf: (part: Tally['parts'][number]) => string,
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const part of parts) counts[nameOf(part)] = (counts[nameOf(part)] ?? 0) + part.count
  return counts
}

function countMismatch(file: string, message: string, cause?: unknown): VerifyError {
  return new VerifyError('count_mismatch', file, message, { cause })
}
