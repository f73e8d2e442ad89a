export type IntakeErrorCode =
  | 'bad_envelope'
  | 'no_centre_key'
  | 'not_stored'
  | 'busy'
  | 'closed'
  | 'disk_reserve'

/**
 * Messages never carry what was sent. `not_stored`, `busy` and `disk_reserve` mean: nothing was acknowledged, send again.
 */
export class IntakeError extends Error {
  override readonly name = 'IntakeError'
  readonly code: IntakeErrorCode
  constructor(code: IntakeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
