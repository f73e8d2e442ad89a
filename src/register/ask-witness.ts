import { concatBytes } from '../encoding/bytes.ts'
import type { Checkpoint } from '../tlog/checkpoint.ts'
import { verifyCosignature } from '../tlog/cosignature.ts'
import { TlogError } from '../tlog/error.ts'
import type { TreeHash } from '../tlog/hash.ts'
import type { COSIGNATURE_V1, VerifierKey } from '../tlog/note-key.ts'
import type { NoteSignature } from '../tlog/signed-note.ts'
import {
  type AddCheckpointResponse,
  formatAddCheckpoint,
  parseAddCheckpointResponse,
} from '../tlog/witness-message.ts'

/** Where a witness answers. `url` is its submission prefix, `key` the one the policy knows. */
export type WitnessAddress = {
  readonly url: string
  readonly key: VerifierKey<typeof COSIGNATURE_V1>
}

/** What is to be cosigned, and how to show that it continues whatever the witness saw last. */
export type CosigningRequest = {
  readonly note: Uint8Array
  /** The text of the note. */
  readonly body: string
  readonly checkpoint: Checkpoint
  /** Where the witness probably is; it says so when it is somewhere else. */
  readonly previousSize: number
  readonly consistencyProof: (oldSize: number) => Promise<readonly TreeHash[]>
}

/**
 * `ahead` and `contradicts` are alarms: the witness has seen a larger tree than ours, or another tree, signed with our key.
 * Everything that is merely missing is `silent`.
 */
export type WitnessAnswer =
  | { readonly outcome: 'cosigned'; readonly signature: NoteSignature; readonly time: number }
  | { readonly outcome: 'ahead'; readonly size: number }
  | { readonly outcome: 'contradicts' }
  | Silence

type Silence = {
  readonly outcome: 'silent'
  readonly reason:
    | 'unreachable'
    | 'too_late'
    | 'odd_answer'
    | 'refused'
    | 'wrong_cosignature'
    | 'clock_apart'
}

/** For one witness, all its attempts together; the batch waits this long for one that is down. */
const WITNESS_TIMEOUT_MS = 10_000
/** The first guess, the size it names, and one more for a request of ours that it had finished after all. */
const ATTEMPTS = 3
/** A few cosignature lines, one of them perhaps with a post-quantum signature of 5 kB. */
const MAX_ANSWER_BYTES = 64 * 1024
/** `day` and cosignatures of a checkpoint may be a day apart, the two logs' checkpoints too: an hour spoils neither. */
const MAX_CLOCK_DIFFERENCE_SECONDS = 3600

/** Asks one witness for its cosignature. Throws only what `consistencyProof` throws: what the witness does not do, others may. */
export async function askWitness(
  witness: WitnessAddress,
  request: CosigningRequest,
  deps: { readonly fetch: typeof fetch; readonly clock: () => Date; readonly timeoutMs?: number },
): Promise<WitnessAnswer> {
  const signal = AbortSignal.timeout(deps.timeoutMs ?? WITNESS_TIMEOUT_MS)
  const { size } = request.checkpoint
  let oldSize = Math.min(request.previousSize, size)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proof = await request.consistencyProof(oldSize)
    const message = formatAddCheckpoint({ oldSize, proof, checkpoint: request.note })
    const response = await post(witness.url, message, deps.fetch, signal)
    switch (response.outcome) {
      case 'silent':
        return response
      case 'cosigned':
        return verifyAnswer(response.signatures, witness, request, deps.clock())
      case 'refused':
        // The proof is judged only once the old size is agreed on: it holds another tree of that size or of ours.
        if (response.reason === 'inconsistent') return { outcome: 'contradicts' }
        return { outcome: 'silent', reason: 'refused' }
      case 'conflict':
        if (response.size > size) return { outcome: 'ahead', size: response.size }
        // Before version 1 of the specification that is how another root for our own size was told.
        if (response.size === oldSize && oldSize === size) return { outcome: 'contradicts' }
        oldSize = response.size
    }
  }
  return { outcome: 'silent', reason: 'odd_answer' }
}

async function post(
  url: string,
  message: Uint8Array,
  fetchUrl: typeof fetch,
  signal: AbortSignal,
): Promise<AddCheckpointResponse | Silence> {
  try {
    const response = await fetchUrl(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
      method: 'POST',
      body: Uint8Array.from(message),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      redirect: 'error',
      signal,
    })
    return parseAddCheckpointResponse({
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await readAnswer(response),
    })
  } catch (error) {
    if (signal.aborted) return { outcome: 'silent', reason: 'too_late' }
    const reason = error instanceof TlogError ? 'odd_answer' : 'unreachable'
    return { outcome: 'silent', reason }
  }
}

/** The line of the one key we know; C2SP says to ignore the others. */
function verifyAnswer(
  signatures: readonly NoteSignature[],
  { key }: WitnessAddress,
  { body }: CosigningRequest,
  now: Date,
): WitnessAnswer {
  const line = signatures.find(({ name, id }) => name === key.name && id === key.id)
  if (line === undefined) return { outcome: 'silent', reason: 'wrong_cosignature' }
  try {
    const { time } = verifyCosignature({ body, signature: line.signature }, key)
    if (Math.abs(time - now.getTime() / 1000) > MAX_CLOCK_DIFFERENCE_SECONDS) {
      return { outcome: 'silent', reason: 'clock_apart' }
    }
    return { outcome: 'cosigned', signature: line, time }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { outcome: 'silent', reason: 'wrong_cosignature' }
  }
}

async function readAnswer(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) {
      throw new TlogError('bad_witness_message', 'the answer is too long')
    }
    chunks.push(chunk)
  }
  return concatBytes(...chunks)
}
