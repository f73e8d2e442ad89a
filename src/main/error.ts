export class MainError extends Error {
  override readonly name = 'MainError'
<<<<<<< /tmp/b/m/work
  readonly code:
    | 'cannot_listen'
    | 'usage'
    | 'not_first_start'
    | 'no_root_key'
    | 'no_centre_key'
    | 'not_started'
=======
  readonly code: 'cannot_listen' | 'usage' | 'not_first_start' | 'no_root_key' | 'directory_gone'
>>>>>>> /tmp/b/m/mine
  constructor(code: MainError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
