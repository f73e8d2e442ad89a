import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Policy, VerifiedCheckpoint } from '../tlog/policy.ts'
import { verifyCheckpoint } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { VerifyError } from './error.ts'
import { readRequired } from './read-file.ts'
import type { Trust } from './trust.ts'

export type NoteTrust = Pick<Trust, 'read' | 'policy' | 'ed25519Verify'>

/** A checkpoint file that is signed by the log `origin` and cosigned as the policy asks. */
export async function verifyNote(
  file: string,
  origin: string,
  { read, policy, ed25519Verify }: NoteTrust,
): Promise<VerifiedCheckpoint> {
  const bytes = await readRequired(read, file, MAX_NOTE_BYTES)
  const verified = verifyBytes(file, bytes, policy, ed25519Verify)
  if (verified.checkpoint.origin !== origin) {
    throw new VerifyError('bad_checkpoint', file, 'the checkpoint is of another log')
  }
  return verified
}

function verifyBytes(file: string, bytes: Uint8Array, policy: Policy, verify: Ed25519Verify) {
  try {
    return verifyCheckpoint(bytes, policy, verify)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_checkpoint', file, `the checkpoint does not verify: ${reason}`, {
      cause,
    })
  }
}
