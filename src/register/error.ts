import { SealingError } from '../sealing/error.ts'
import { type SystemFailureCode, systemFailure } from './system-failure.ts'

/** What the machine refuses comes first; then what is found at start, while sequencing, and in what is handed in. */
export type RegisterErrorCode =
  | SystemFailureCode
  | 'second_writer'
  | 'wrong_origin'
  | 'wrong_key'
  | 'bad_key_file'
  | 'bad_state'
  | 'store_newer'
  | 'store_older'
  | 'missing_file'
  | 'hash_mismatch'
  | 'lock_lost'
  | 'state_moved'
  | 'file_differs'
  | 'clock_behind'
  | 'quorum_missing'
  | 'witness_ahead'
  | 'witness_contradicts'
  | 'bucket_unreachable'
  | 'bucket_refused'
  | 'bad_item'
  | 'bad_import'

export class RegisterError extends Error {
  override readonly name = 'RegisterError'
  readonly code: RegisterErrorCode
  constructor(code: RegisterErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/**
 * The one sentinel. Anything else fails this batch and leaves the items waiting; this one means that indices
 * were assigned and not finished, so whoever catches it lets go of the sequencer and opens it again, which
 * re-verifies and resumes.
 */
export class SequencerStopped extends Error {
  override readonly name = 'SequencerStopped'
  /** Of what went wrong, for the operator. */
  readonly code: string
  constructor(cause: unknown) {
    super('the sequencer stopped in the middle of a batch', { cause })
    this.code = failureCode(cause)
  }
}

/** What health and runbook call it. */
export function failureCode(error: unknown): string {
  const isNamed =
    error instanceof RegisterError ||
    error instanceof SequencerStopped ||
    error instanceof SealingError
  return isNamed ? error.code : (systemFailure(error) ?? 'unexpected')
}
