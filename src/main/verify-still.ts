import { setTimeout as wait } from 'node:timers/promises'
import { equalBytes } from '../encoding/bytes.ts'
import type { Policy } from '../tlog/policy.ts'
import { VerifyError, type VerifyErrorCode } from '../verify/error.ts'
import { LATEST_FILE, LATEST_MAX_BYTES } from '../verify/latest.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { progressLine, type Terminal } from './verify-progress.ts'
import type { VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

/** What a reader may see for a moment while a batch is being published: worth a second look before it is called a lie. */
const TRANSIENT = new Set<VerifyErrorCode>([
  'checkpoint_mismatch',
  'count_mismatch',
  'part_missing',
  'part_not_shown',
  'unexpected_file',
  'unlogged_file',
])
const MAX_STARTS = 3
const SECOND_LOOK_AFTER_MS = 5_000

/** Verifies one pair. A register that published another one meanwhile is read again: half of each would look like a lie. */
export async function verifyStill(
  source: VerifySource,
  policy: Policy,
  io: { readonly stderr: Terminal; readonly secondLookAfterMs?: number },
): Promise<RegisterEvidence> {
  const { read, list } = source
  for (let start = 1; ; start++) {
    const before = await read(LATEST_FILE, LATEST_MAX_BYTES)
    const progress = progressLine(io.stderr)
    try {
      return await verifyRegister(read, {
        policy,
        sha256,
        ed25519Verify: nativeEd25519Verify,
        onProgress: progress.show,
        ...(list === undefined ? {} : { list }),
      })
    } catch (finding) {
      if (!(finding instanceof VerifyError) || start === MAX_STARTS) throw finding
      const lookAgain = TRANSIENT.has(finding.code) && start === 1
      if (lookAgain) await wait(io.secondLookAfterMs ?? SECOND_LOOK_AFTER_MS)
      const after = await read(LATEST_FILE, LATEST_MAX_BYTES)
      const moved = before !== undefined && after !== undefined && !equalBytes(before, after)
      if (!moved && !lookAgain) throw finding
      progress.clear()
      io.stderr.write('The register may be publishing right now; reading it again.\n')
    } finally {
      progress.clear()
    }
  }
}
