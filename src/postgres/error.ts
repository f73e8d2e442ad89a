export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  readonly code:
    | 'initdb_failed'
    | 'start_failed'
    | 'start_timeout'
    | 'wrong_password'
    | 'no_unprivileged_user'
    | 'unsupported_platform'
  constructor(code: PostgresError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
