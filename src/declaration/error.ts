export type DeclarationErrorCode =
  | 'bad_leaf'
  | 'bad_commitment'
  | 'opening_mismatch'
  | 'bad_value'
  | 'bad_form'
  | 'bad_submission'
  | 'bad_proposal'
  | 'approval_refused'
  | 'bad_approvals'
  | 'bad_draw'
  | 'audit_refused'
  | 'bad_content'
  | 'bad_event'
  | 'act_refused'
  | 'bad_act'
  | 'bad_order'
  | 'order_refused'
  | 'bad_tally'
  | 'bad_alias_words'
  | 'bad_recipient'
  | 'bad_centres'

/** Thrown by everything in this folder but the receipt reader. Messages never quote what a person wrote. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
  readonly code: DeclarationErrorCode
  constructor(code: DeclarationErrorCode, message: string, cause?: unknown) {
    super(message)
    this.code = code
    if (cause !== undefined) this.cause = cause
  }
}
