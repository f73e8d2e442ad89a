/** `lost` and `expired` both mean: this page was sealed by a key that is gone. Messages carry nothing typed. */
export class WebError extends Error {
  override readonly name = 'WebError'
  readonly code: 'expired' | 'unsealed'
  constructor(code: WebError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
