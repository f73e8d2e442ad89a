export type ReceiptErrorCode = 'empty' | 'word_count' | 'unknown_word' | 'checksum' | 'digits'

/** What to tell a person whose receipt did not read. It never holds what they typed. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError'
  readonly code: ReceiptErrorCode
  /** Which word or group is wrong, counted from one. */
  readonly position?: number
  /** Words of the lists that are close to the mistyped one, best first. */
  readonly nearest?: readonly string[]
  constructor(code: ReceiptErrorCode, position?: number, nearest?: readonly string[]) {
    super(code)
    this.code = code
    if (position !== undefined) this.position = position
    if (nearest !== undefined) this.nearest = nearest
  }
}
