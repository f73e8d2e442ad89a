import { readFile } from 'node:fs/promises'
import { fromUtf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type Policy, parsePolicy } from '../tlog/policy.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from '../verify/logged-files.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

/** How the policy came to the verifier: from a file of their own, or from the site that it judges. */
export type PolicyOrigin = 'file' | 'served'
export type JudgedBy = {
  readonly policy: Policy
  readonly origin: PolicyOrigin
  readonly sha256: string
}

export async function loadPolicy(
  file: string | undefined,
  source: VerifySource,
): Promise<JudgedBy> {
  if (file !== undefined) return loadPolicyFile(file)
  const bytes = await source.read(POLICY_FILE, MAX_POLICY_BYTES)
  if (bytes === undefined) throw new SourceUnreachable(`${source.name} serves no ${POLICY_FILE}`)
  return readPolicy(bytes, `${POLICY_FILE} of ${source.name}`, 'served')
}

export async function loadPolicyFile(file: string): Promise<JudgedBy> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new SourceUnreachable(`the policy ${file} cannot be read`, { cause })
  })
  return readPolicy(bytes, file, 'file')
}

function readPolicy(bytes: Uint8Array, name: string, origin: PolicyOrigin): JudgedBy {
  try {
    const policy = parsePolicy(fromUtf8(bytes))
    return { policy, origin, sha256: toHex(sha256(bytes)) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new SourceUnreachable(`${name} is not a policy: ${reason}`, { cause })
  }
}
