/** What the machine below the register refuses, by the names that docs/operations/runbook-register.md knows. */
export type SystemFailureCode =
  | 'disk_full'
  | 'disk_read_only'
  | 'disk_forbidden'
  | 'disk_failing'
  | 'database_full'
  | 'database_read_only'
  | 'database_unreachable'

const CODES: Readonly<Record<string, SystemFailureCode>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'disk_read_only',
  EACCES: 'disk_forbidden',
  EPERM: 'disk_forbidden',
  EIO: 'disk_failing',
  // PostgreSQL, appendix A of its manual.
  '53100': 'database_full',
  '25006': 'database_read_only',
  '57P01': 'database_unreachable',
  '57P02': 'database_unreachable',
  '57P03': 'database_unreachable',
  '08006': 'database_unreachable',
  ECONNREFUSED: 'database_unreachable',
  ECONNRESET: 'database_unreachable',
  EPIPE: 'database_unreachable',
}

/** Looks through the causes; undefined for what the machine has nothing to do with. */
export function systemFailure(error: unknown): SystemFailureCode | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // A missing socket is a missing server; a missing file is an answer like any other.
    if ('syscall' in cause && cause.syscall === 'connect') return 'database_unreachable'
    if (/^Connection terminated|^Client has encountered a connection error/.test(cause.message)) {
      return 'database_unreachable'
    }
    const code = 'code' in cause ? String(cause.code) : ''
    if (Object.hasOwn(CODES, code)) return CODES[code]
  }
  return undefined
}
