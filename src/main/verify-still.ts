import { setTimeout as wait } from 'node:timers/promises'
import type { Policy } from '../tlog/policy.ts'
import { VerifyError } from '../verify/error.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { progressLine, type Terminal } from './verify-progress.ts'
import type { VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

/** Half a minute: a publication whose witnesses are slow takes that long, and an erasure comes before its event. */
const MAX_LOOKS = 6
const NEXT_LOOK_AFTER_MS = 5_000

export type LookIo = { readonly stderr: Terminal; readonly nextLookAfterMs?: number }

/** Verifies a register that may be publishing meanwhile. */
export async function verifyStill(
  source: VerifySource,
  policy: Policy,
  io: LookIo,
): Promise<RegisterEvidence> {
  const { read, list } = source
  const progress = progressLine(io.stderr)
  const verify = () =>
    verifyRegister(read, {
      policy,
      sha256,
      ed25519Verify: nativeEd25519Verify,
      onProgress: progress.show,
      lookAgain: lookAgain(io, progress.clear),
      ...(list === undefined ? {} : { list }),
    })
  try {
    return await verify()
  } catch (finding) {
    // A cache between us can have kept the checkpoint a few seconds longer than `log/latest`.
    if (!(finding instanceof VerifyError) || finding.code !== 'checkpoint_mismatch') throw finding
    if (!(await lookAgain(io, progress.clear)())) throw finding
    return await verify()
  } finally {
    progress.clear()
  }
}

/** Waits before each further look, so many times. */
export function lookAgain(io: LookIo, beforeWriting: () => void): () => Promise<boolean> {
  let looks = 1
  return async () => {
    if (looks === MAX_LOOKS) return false
    if (looks === 1) {
      beforeWriting()
      io.stderr.write('The register may be publishing right now; looking again.\n')
    }
    looks++
    await wait(io.nextLookAfterMs ?? NEXT_LOOK_AFTER_MS)
    return true
  }
}
