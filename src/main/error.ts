export class MainError extends Error {
  override readonly name = 'MainError'
  readonly code:
    | 'cannot_listen'
    | 'usage'
    | 'not_first_start'
    | 'no_root_key'
    | 'no_bucket_key'
    | 'no_centre_key'
    | 'not_started'
    | 'directory_gone'
  constructor(code: MainError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
