import { DESK_REFUSALS, type DeskRefusal } from '../error.ts'

/** What can go wrong on the volunteer's side, besides what the server refuses. */
export type ClientRefusal =
  | DeskRefusal
  | 'offline'
  | 'bad_link'
  | 'wrong_root'
  | 'untrusted_directory'
  | 'untrusted_recipient'
  | 'untrusted_proposal'
  | 'cannot_open'
  | 'no_centre_key'
  | 'old_directory'
  | 'nobody_left'
  | 'does_not_fit'
  | 'empty_envelope'
  | 'untrusted_log'
  | 'not_for_you'
  | 'no_prf'
  | 'bad_share'
  | 'too_few_shares'
  | 'mixed_shares'
  | 'old_shares'
  | 'recovery_behind'
  | 'passkey_cancelled'

/** The application shows one plain sentence for each code. Messages never carry what a person wrote. */
export class DeskClientError extends Error {
  override readonly name = 'DeskClientError'
  readonly code: ClientRefusal
  constructor(code: ClientRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

export function isServerRefusal(code: unknown): code is DeskRefusal {
  return typeof code === 'string' && Object.hasOwn(DESK_REFUSALS, code)
}
