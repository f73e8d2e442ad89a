import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { TlogError } from '../tlog/error.ts'
import type { TreeHash } from '../tlog/hash.ts'
import { COSIGNATURE_V1, hasType, parseVerifierKey } from '../tlog/note-key.ts'
import { type Policy, type VerifiedCheckpoint, verifyCheckpoint } from '../tlog/policy.ts'
import { formatNote, parseNote } from '../tlog/signed-note.ts'
import {
  askWitness,
  type CosigningRequest,
  type WitnessAddress,
  type WitnessAnswer,
} from './ask-witness.ts'
import { RegisterError } from './error.ts'

/** As configured: the witness's submission prefix, and its key as the policy names it. */
export type ConfiguredWitness = { readonly url: string; readonly vkey: string }

export type CosignatureDeps = {
  /** Signed by the log; cosignatures that are in it already are replaced by newer ones of the same witness. */
  readonly note: Uint8Array
  /** The size the witnesses were asked about last. */
  readonly previousSize: number
  readonly consistencyProof: (oldSize: number) => Promise<readonly TreeHash[]>
  readonly witnesses: readonly ConfiguredWitness[]
  readonly fetch: typeof fetch
  readonly clock: () => Date
  readonly timeoutMs?: number
}

export type CosignedNote = VerifiedCheckpoint & {
  readonly note: Uint8Array
  /** Witnesses that did not cosign, and why, for the operator. */
  readonly silent: readonly SilentWitness[]
}
export type SilentWitness = { readonly witness: string; readonly reason: string }

/**
 * Asks every witness and returns the note with all their lines once the policy's quorum holds; `quorum_missing` leaves
 * the signed note to be submitted again as it is. `witness_ahead` and `witness_contradicts` are alarms that no retry
 * settles and no quorum outvotes: somebody signed with our key what our database does not know.
 */
export async function requestCosignatures(
  policy: Policy,
  deps: CosignatureDeps,
): Promise<CosignedNote> {
  const answers = await compareWithWitnesses(deps)
  const { text, signatures } = parseNote(deps.note)
  const lines = answers.flatMap(({ answer }) =>
    answer.outcome === 'cosigned' ? [answer.signature] : [],
  )
  const kept = signatures.filter(
    ({ name, id }) => !lines.some((line) => line.name === name && line.id === id),
  )
  const note = formatNote({ text, signatures: [...kept, ...lines] })
  const silent = answers.flatMap(({ witness, answer }) =>
    answer.outcome === 'silent' ? [{ witness, reason: answer.reason }] : [],
  )
  return { ...requireQuorum(note, policy, silent), note, silent }
}

export type AnsweredWitness = { readonly witness: string; readonly answer: WitnessAnswer }

/**
 * Submits the note to every witness and returns what they say, whatever the quorum. At start, with the note signed last,
 * that is the comparison: equal or behind, it is cosigned again; otherwise throws like requestCosignatures.
 */
export async function compareWithWitnesses(deps: CosignatureDeps): Promise<AnsweredWitness[]> {
  const { text } = parseNote(deps.note)
  const request: CosigningRequest = { ...deps, body: text, checkpoint: parseCheckpoint(text) }
  const answers = await Promise.all(
    deps.witnesses.map(parseWitness).map(async (witness) => ({
      witness: witness.key.name,
      answer: await askWitness(witness, request, deps),
    })),
  )
  for (const { witness, answer } of answers) requireNoAlarm(witness, answer, request)
  return answers
}

function requireNoAlarm(witness: string, answer: WitnessAnswer, request: CosigningRequest): void {
  const { origin, size } = request.checkpoint
  if (answer.outcome === 'ahead') {
    throw new RegisterError(
      'witness_ahead',
      `${witness} has seen ${answer.size} entries of ${origin}, we have ${size}: restore to at least that tree`,
    )
  }
  if (answer.outcome === 'contradicts') {
    throw new RegisterError(
      'witness_contradicts',
      `${witness} has cosigned a tree of ${origin} that ours of ${size} entries does not continue`,
    )
  }
}

function requireQuorum(
  note: Uint8Array,
  policy: Policy,
  silent: readonly SilentWitness[],
): VerifiedCheckpoint {
  try {
    return verifyCheckpoint(note, policy)
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    const reasons = silent.map(({ witness, reason }) => `${witness} ${reason}`).join(', ')
    throw new RegisterError(
      'quorum_missing',
      `the note does not satisfy our own policy${reasons === '' ? '' : `: ${reasons}`}`,
      cause,
    )
  }
}

function parseWitness({ url, vkey }: ConfiguredWitness): WitnessAddress {
  const key = parseVerifierKey(vkey)
  if (!hasType(key, COSIGNATURE_V1)) throw new TlogError('bad_key', `${key.name} is no witness`)
  return { url, key }
}
