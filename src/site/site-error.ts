/** `register_incomplete`: a file that the published pair promises is missing or too short. */
export type SiteErrorCode = 'register_incomplete'

export class SiteError extends Error {
  override readonly name = 'SiteError'
  readonly code: SiteErrorCode
  constructor(code: SiteErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
