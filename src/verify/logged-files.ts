import { toHex } from '../encoding/hex.ts'
import { VerifyError } from './error.ts'
import type { EventHistory } from './event-history.ts'
import type { Trust } from './trust.ts'

export const POLICY_FILE = 'log/policy'
export const MAX_POLICY_BYTES = 64 * 1024

/** Files that change and are not signed themselves: the newest `key` event about each holds its hash. */
const LOGGED_FILES = [
  { file: POLICY_FILE, subject: 'policy', maxBytes: MAX_POLICY_BYTES },
  { file: 'log/directory', subject: 'directory', maxBytes: 64 * 1024 * 1024 },
] as const

export type LoggedFiles = {
  readonly policySha256: string | null
  readonly directorySha256: string | null
}

/** `log/policy` and `log/directory`, where they are served or were logged, are what was logged last. */
export async function verifyLoggedFiles(
  history: EventHistory,
  { read, sha256 }: Trust,
): Promise<LoggedFiles> {
  const found = new Map<string, string>()
  for (const { file, subject, maxBytes } of LOGGED_FILES) {
    const logged = history.keys.get(subject)
    const bytes = await read(file, maxBytes)
    if (bytes === undefined && logged === undefined) continue
    if (bytes === undefined) throw new VerifyError('missing_file', file, 'the file is missing')
    const hash = toHex(sha256(bytes))
    if (hash !== logged?.hash) {
      const message = 'the file is not the one whose hash the event log holds'
      throw new VerifyError('unlogged_file', file, message)
    }
    found.set(subject, hash)
  }
  return {
    policySha256: found.get('policy') ?? null,
    directorySha256: found.get('directory') ?? null,
  }
}
