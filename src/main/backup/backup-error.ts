export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: 'bad_backup' | 'not_quiet' | 'not_empty' | 'wrong_register' | 'bad_identity'
  constructor(code: BackupError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
