export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code: 'bad_file' | 'bad_variable' | 'no_register' | 'name_changed'
  constructor(code: ConfigError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
