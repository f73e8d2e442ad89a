/** What was found false. The first group is about files, then logs, leaves and events, content, numbers. */
export type VerifyErrorCode =
  | 'missing_file'
  | 'file_too_large'
  | 'unexpected_file'
  | 'unlogged_file'
  | 'bad_latest'
  | 'bad_checkpoint'
  | 'checkpoint_mismatch'
  | 'checkpoints_far_apart'
  | 'forked'
  | 'stale'
  | 'tile_mismatch'
  | 'entries_mismatch'
  | 'root_mismatch'
  | 'bad_leaf'
  | 'bad_event'
  | 'event_refused'
  | 'bad_form'
  | 'unknown_form'
  | 'unknown_organisation'
  | 'day_decreases'
  | 'day_not_witnessed'
  | 'repeated_leaf'
  | 'range_not_covered'
  | 'bad_content'
  | 'part_missing'
  | 'part_not_shown'
  | 'part_mismatch'
  | 'tally_mismatch'
  | 'count_mismatch'
  | 'bad_policy'
  | 'bad_proof'

/** The first lie found: which file tells it, and in one sentence what is wrong with it. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError'
  readonly code: VerifyErrorCode
  readonly file: string
  constructor(code: VerifyErrorCode, file: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.file = file
  }
}
