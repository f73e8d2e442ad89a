import { formatTally, TALLY_MAX_BYTES, type Tally } from '../declaration/tally.ts'
import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { VerifyError } from './error.ts'
import type { EventHistory, LoggedTally } from './event-history.ts'
import { readRequired } from './read-file.ts'
import { eventFile } from './replay-events.ts'
import type { Trust } from './trust.ts'
import type { SignedPair } from './verify-pair.ts'

export const TALLY_FILE = 'log/tally'

/** The pair ends in a tally of itself, and batches and imports account for every declaration. */
export function requireClosingTally(
  { declarations, events }: SignedPair,
  { tallies, covered }: EventHistory,
): LoggedTally {
  const lastTally = tallies.at(-1)
  const file = eventFile(Math.max(0, events.size - 1), events.size)
  if (lastTally?.position !== events.size - 1 || lastTally.size !== declarations.size) {
    const message = 'the last event is not a tally of the pair that log/latest names'
    throw new VerifyError('tally_mismatch', file, message)
  }
  if (covered !== declarations.size) {
    const message = `batches and imports account for ${covered} of ${declarations.size} declarations`
    throw new VerifyError('range_not_covered', file, message)
  }
  return lastTally
}

/** The tally that is served is the one that was counted, which the logged hash agreed with. */
export async function verifyTally(counted: Tally, { read, sha256 }: Trust): Promise<string> {
  const expected = utf8(formatTally(counted))
  const served = await readRequired(read, TALLY_FILE, TALLY_MAX_BYTES)
  if (!equalBytes(served, expected)) {
    throw new VerifyError('tally_mismatch', TALLY_FILE, 'it is not what the two logs add up to')
  }
  return toHex(sha256(expected))
}
