export type SealingErrorCode =
  | 'bad_recipient'
  | 'bad_identity'
  | 'bad_key'
  | 'bad_context'
  | 'too_large'
  | 'cannot_open'
  | 'bad_message'
  | 'frames_missing'
  | 'bad_padding'
  | 'not_padded'
  | 'epoch_ended'
  | 'row_refused'
  | 'bad_passphrase'
  | 'bad_keyring'
  | 'bad_entry'
  | 'bad_signature'
  | 'wrong_register'
  | 'wrong_root'
  | 'entry_missing'
  | 'entry_repeated'
  | 'out_of_order'
  | 'broken_link'
  | 'day_backwards'
  | 'unknown_centre'
  | 'month_backwards'
  | 'unknown_volunteer'
  | 'volunteer_revoked'
  | 'not_entitled'
  | 'one_person'
  | 'too_few_key_holders'
  | 'proposal_used'
  | 'proposal_expired'
  | 'month_in_use'
  | 'key_reused'
  | 'bad_share'
  | 'too_few_shares'
  | 'mixed_shares'
  | 'bad_recovery'
  | 'rolled_back'
  | 'forked'

/** Messages name the part that failed, never a secret and never what was sealed. */
export class SealingError extends Error {
  override readonly name = 'SealingError'
  readonly code: SealingErrorCode
  constructor(code: SealingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
