/** Every refusal of the desk's API and the status it travels under. The application has one sentence for each. */
export const DESK_REFUSALS = {
  bad_request: 400,
  locked: 401,
  wrong_passphrase: 401,
  wrong_passkey: 401,
  not_admitted: 403,
  suspended: 403,
  not_allowed: 403,
  own_proposal: 403,
  wrong_origin: 403,
  not_found: 404,
  invitation_gone: 404,
  case_in_hand: 409,
  case_gone: 409,
  case_not_yours: 409,
  case_not_proposed: 409,
  proposal_opened: 409,
  recused: 403,
  not_a_colleague: 422,
  proposal_changed: 409,
  recipient_changed: 409,
  no_recipient: 409,
  name_taken: 409,
  directory_moved: 409,
  change_gone: 409,
  month_in_use: 409,
  no_passkeys: 409,
  no_recovery: 409,
  change_refused: 422,
  passkey_refused: 422,
  too_large: 413,
  too_many: 429,
  directory_refused: 503,
  unavailable: 503,
} as const

export type DeskRefusal = keyof typeof DESK_REFUSALS

/** A refusal the volunteer may see by its code. The message never carries what was sent. */
export class DeskError extends Error {
  override readonly name = 'DeskError'
  readonly code: DeskRefusal
  constructor(code: DeskRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }

  get status(): number {
    return DESK_REFUSALS[this.code]
  }
}
