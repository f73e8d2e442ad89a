import { toHex } from '../encoding/hex.ts'
import { VerifyError } from './error.ts'
import type { EventHistory } from './event-history.ts'
import { LOGGED_PATHS } from './named-files.ts'
import type { Trust } from './trust.ts'

export const POLICY_FILE = 'log/policy'
export const MAX_POLICY_BYTES = 64 * 1024
const MAX_UNNAMED_BYTES = 64 * 1024 * 1024

/** SHA-256 by path of every file that was served and is the one an event names. */
export type LoggedFiles = ReadonlyMap<string, string>

/** Files that are not signed themselves are what the newest event about each names. */
export async function verifyLoggedFiles(
  { named }: Pick<EventHistory, 'named'>,
  { read, sha256 }: Pick<Trust, 'read' | 'sha256'>,
): Promise<LoggedFiles> {
  const found = new Map<string, string>()
  for (const path of new Set([...LOGGED_PATHS, ...named.keys()])) {
    const logged = named.get(path)
    const bytes = await read(path, logged?.maxBytes ?? MAX_UNNAMED_BYTES)
    if (bytes === undefined) {
      if (logged?.needed !== true) continue
      throw new VerifyError('missing_file', path, 'the file is missing')
    }
    const hash = toHex(sha256(bytes))
    if (hash !== logged?.hash) {
      const message = 'the file is not the one whose hash the event log holds'
      throw new VerifyError('unlogged_file', path, message)
    }
    found.set(path, hash)
  }
  return found
}
