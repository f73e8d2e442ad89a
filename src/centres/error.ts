export type CentresErrorCode =
  | 'bad_invitation'
  | 'invitation_gone'
  | 'name_taken'
  | 'wrong_invitation_root'
  | 'directory_exists'
  | 'directory_missing'
  | 'directory_moved'
  | 'change_refused'
  | 'change_gone'
  | 'month_in_use'
  | 'bad_pin'

/** Messages name the part that failed, never a key and never a link. */
export class CentresError extends Error {
  override readonly name = 'CentresError'
  readonly code: CentresErrorCode
  constructor(code: CentresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
