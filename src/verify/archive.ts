import type { LogName } from './latest.ts'

/** Where a published checkpoint stays for ever. */
export function archiveFile(log: LogName, size: number): string {
  return `log/checkpoints/${log}/${size}`
}
