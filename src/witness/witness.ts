import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { cosign } from '../tlog/cosignature.ts'
import { TlogError } from '../tlog/error.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { formatVerifierKey } from '../tlog/note-key.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { type NoteSignature, openNote, parseNote } from '../tlog/signed-note.ts'
import {
  type AddCheckpoint,
  type AddCheckpointResponse,
  parseAddCheckpoint,
  type RefusalReason,
} from '../tlog/witness-message.ts'
import { WitnessError } from './error.ts'
import type { WatchedLog } from './log-list.ts'
import { encodeEmptyRecord, encodeRecord, parseRecord } from './log-record.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { RecordStore } from './record-store.ts'
import { logsPath, obtainWitnessKey, type WitnessKey } from './witness-key.ts'

export type WitnessDeps = {
  /** Holds key and records; made at first start, then never to be restored from a copy. */
  readonly folder: string
  /** Stands on every cosignature; needed at first start only. */
  readonly name?: string
  readonly logs: readonly WatchedLog[]
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly sha256: Sha256
}

export type Witness = {
  readonly vkey: string
  /** C2SP tlog-witness `add-checkpoint`. Throws WitnessError `busy`, `not_stored` or, for a damaged record, `bad_record`. */
  readonly addCheckpoint: (body: Uint8Array) => Promise<AddCheckpointResponse>
}

type OpenLog = WatchedLog & { readonly store: RecordStore; readonly turns: OneAtATime }

/** An honest log sends one request at a time. */
const MAX_WAITING = 16
/** Only another process on the same folder can overtake us at all. */
const APPEND_ATTEMPTS = 5

/** Opens the folder and re-verifies what was cosigned before, so that damage stops the start and not a later request. */
export async function openWitness(deps: WitnessDeps): Promise<Witness> {
  const key = await obtainWitnessKey(deps.folder, deps.name, deps.random)
  await mkdir(logsPath(deps.folder), { recursive: true, mode: 0o700 })
  const logs = new Map<string, OpenLog>()
  for (const log of deps.logs) {
    const folder = join(logsPath(deps.folder), toHex(deps.sha256(utf8(log.origin))))
    const store = await RecordStore.open(folder, encodeEmptyRecord(log.origin), deps.random)
    parseRecord((await store.read()).bytes, log.origin, key.key, deps.sha256)
    logs.set(log.origin, { ...log, store, turns: new OneAtATime(MAX_WAITING) })
  }
  return {
    vkey: formatVerifierKey(key.key),
    addCheckpoint: (body) => addCheckpoint(body, logs, { ...deps, key }),
  }
}

type CosignDeps = Pick<WitnessDeps, 'clock' | 'sha256'> & { readonly key: WitnessKey }
/** What the log signed, verbatim. */
type SignedCheckpoint = Checkpoint & {
  readonly body: string
  readonly signatures: readonly NoteSignature[]
}

/** The checks in the order of the specification: every byte may come from anybody until the log's signature is verified. */
async function addCheckpoint(
  bytes: Uint8Array,
  logs: ReadonlyMap<string, OpenLog>,
  deps: CosignDeps,
): Promise<AddCheckpointResponse> {
  try {
    const request = orRefuse('malformed', () => parseAddCheckpoint(bytes))
    const { text } = orRefuse('malformed', () => parseNote(request.checkpoint))
    const log = logs.get(text.slice(0, text.indexOf('\n')))
    if (log === undefined) throw new Refusal('unknown_log')
    const checkpoint = verifySignedCheckpoint(request, log)
    if (request.oldSize > checkpoint.size) throw new Refusal('malformed')
    return await log.turns.run(() => cosignNext(log, request, checkpoint, deps))
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', reason: error.reason }
    throw error
  }
}

function verifySignedCheckpoint(request: AddCheckpoint, log: WatchedLog): SignedCheckpoint {
  const { text } = orRefuse('bad_signature', () => openNote(request.checkpoint, log.keys))
  const checkpoint = orRefuse('malformed', () => parseCheckpoint(text))
  // All of a known key verified; one is evidence enough, and how many come is the sender's to choose.
  const signature = parseNote(request.checkpoint).signatures.find(({ name, id }) =>
    log.keys.some((key) => key.name === name && key.id === id),
  )
  return { ...checkpoint, body: text, signatures: signature === undefined ? [] : [signature] }
}

/** Alone for this log: between reading the record and replacing it nothing else is decided. */
async function cosignNext(
  log: OpenLog,
  request: AddCheckpoint,
  checkpoint: SignedCheckpoint,
  { key, clock, sha256 }: CosignDeps,
): Promise<AddCheckpointResponse> {
  for (let attempt = 0; attempt < APPEND_ATTEMPTS; attempt++) {
    const { number, bytes } = await log.store.read()
    const known = parseRecord(bytes, log.origin, key.key, sha256)
    if (known.size !== request.oldSize) return { outcome: 'conflict', size: known.size }
    orRefuse('inconsistent', () =>
      verifyConsistency(
        {
          oldSize: known.size,
          oldRoot: known.root,
          newSize: checkpoint.size,
          newRoot: checkpoint.root,
          proof: request.proof,
        },
        sha256,
      ),
    )
    const time = Math.floor(clock().getTime() / 1000)
    const { name, id } = key.key
    const cosignature = { name, id, signature: cosign(checkpoint.body, time, key) }
    // Durable before anybody sees it. The same tree again is written too: its turn is taken like any other.
    const record = encodeRecord(checkpoint.body, [...checkpoint.signatures, cosignature])
    if ((await log.store.append(number, record)) === 'appended') {
      return { outcome: 'cosigned', signatures: [cosignature] }
    }
  }
  throw new WitnessError('busy', 'another process uses this folder')
}

/** A refusal is an answer, carried out of the checks by its reason. */
class Refusal extends Error {
  readonly reason: RefusalReason
  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

function orRefuse<T>(reason: RefusalReason, check: () => T): T {
  try {
    return check()
  } catch (cause) {
    if (cause instanceof TlogError) throw new Refusal(reason, { cause })
    throw cause
  }
}
