/** The first group stops a start, the second refuses one request and leaves the witness as it was. */
export type WitnessErrorCode =
  | 'bad_name'
  | 'bad_log_list'
  | 'no_folder_key'
  | 'open_key_file'
  | 'bad_key_file'
  | 'other_name'
  | 'bad_record'
  | 'missing_record'
  | 'busy'
  | 'not_stored'

export class WitnessError extends Error {
  override readonly name = 'WitnessError'
  readonly code: WitnessErrorCode
  constructor(code: WitnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
