/** Everything this folder refuses. The first group is malformed input, the second a promise that does not hold. */
export type TlogErrorCode =
  | 'bad_hash'
  | 'bad_size'
  | 'bad_path'
  | 'bad_tile'
  | 'bad_bundle'
  | 'bad_edge'
  | 'bad_key'
  | 'unknown_algorithm'
  | 'bad_note'
  | 'bad_checkpoint'
  | 'bad_cosignature'
  | 'bad_policy'
  | 'bad_proof'
  | 'bad_anchors'
  | 'bad_witness_message'
  | 'inclusion_mismatch'
  | 'consistency_mismatch'
  | 'signature_mismatch'
  | 'no_known_signature'
  | 'unknown_log'
  | 'quorum_not_met'

export class TlogError extends Error {
  override readonly name = 'TlogError'
  readonly code: TlogErrorCode
  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** `cause` itself where it says the same already, else a TlogError around it. */
export function tlogErrorFrom(cause: unknown, code: TlogErrorCode, message: string): TlogError {
  if (cause instanceof TlogError && cause.code === code) return cause
  return new TlogError(code, message, { cause })
}
