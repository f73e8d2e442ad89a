export type ImportErrorCode =
  | 'bad_line'
  | 'bad_lines'
  | 'line_too_long'
  | 'not_utf8'
  | 'bad_prose_table'
  | 'survey_differs'
  | 'file_changed'
  | 'unsigned'
  | 'cannot_sign'
  | 'part_refused'
  | 'publisher_stalled'
  | 'interrupted'

/** Messages say which line and what was expected there, never what stands there: a terminal is kept by many a tool. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: ImportErrorCode
  /** Counted from 1, as editors do. */
  readonly line: number | undefined
  constructor(code: ImportErrorCode, message: string, line?: number) {
    super(code === 'bad_lines' || line === undefined ? message : `line ${line}: ${message}`)
    this.code = code
    this.line = line
  }
}
