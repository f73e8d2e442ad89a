import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import type { Policy } from '../tlog/policy.ts'
import type { LogName } from './latest.ts'
import type { ReadFile } from './read-file.ts'

/** Progress of the pass over one log. */
export type Progress = {
  readonly log: LogName
  readonly entries: number
  readonly size: number
}

/** What every step of a verification reads with and judges by. */
export type Trust = {
  readonly read: ReadFile
  readonly policy: Policy
  readonly sha256: Sha256
  readonly ed25519Verify: Ed25519Verify
  readonly onProgress: (progress: Progress) => void
}
