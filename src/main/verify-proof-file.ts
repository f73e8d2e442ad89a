import { readFile, stat } from 'node:fs/promises'
import { VerifyError } from '../verify/error.ts'
import { type ProofEvidence, verifyProof } from '../verify/verify-proof.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { loadPolicyFile } from './verify-policy.ts'
import { SourceUnreachable } from './verify-source.ts'
import { sha256 } from './world.ts'

/** Hashes, openings and a note, each with room to spare. */
const MAX_PROOF_BYTES = 1024 * 1024

/** A plain file is a proof of one declaration; a site or a copy of one is an address or a folder. */
export async function isProofFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}

/** Throws VerifyError where the proof does not hold, SourceUnreachable without a policy to judge it by. */
export async function verifyProofFile(
  file: string,
  policyFile: string | undefined,
): Promise<ProofEvidence> {
  if (policyFile === undefined) throw new SourceUnreachable('a proof needs --policy FILE')
  const { policy } = await loadPolicyFile(policyFile)
  if ((await stat(file)).size > MAX_PROOF_BYTES) {
    throw new VerifyError('file_too_large', file, 'it is too large for a proof')
  }
  const bytes = await readFile(file)
  return verifyProof(bytes, { policy, sha256, ed25519Verify: nativeEd25519Verify, file })
}
