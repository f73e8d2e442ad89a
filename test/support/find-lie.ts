import assert from 'node:assert/strict'
import { nativeEd25519Verify } from '../../src/main/native-ed25519.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { VerifyError, type VerifyErrorCode } from '../../src/verify/error.ts'
import { type RegisterEvidence, verifyRegister } from '../../src/verify/verify-register.ts'
import { readMap } from './read-map.ts'
import { sha256 } from './tiny-log.ts'
import type { TinyRegister } from './tiny-register.ts'

export type HowToRead = 'as a folder' | 'as a site'

export async function verifyTiny(
  { files, policyText }: Pick<TinyRegister, 'files' | 'policyText'>,
  how: HowToRead = 'as a folder',
): Promise<RegisterEvidence> {
  const { read, list } = readMap(files)
  const policy = parsePolicy(policyText)
  return verifyRegister(read, {
    policy,
    sha256,
    ed25519Verify: nativeEd25519Verify,
    ...(how === 'as a folder' ? { list } : {}),
  })
}

/** The finding, or undefined where the register verifies. Any other error fails the test. */
export async function findLie(
  register: Pick<TinyRegister, 'files' | 'policyText'>,
  how?: HowToRead,
): Promise<VerifyError | undefined> {
  try {
    await verifyTiny(register, how)
    return undefined
  } catch (finding) {
    assert.ok(finding instanceof VerifyError, String(finding))
    return finding
  }
}

export async function assertLie(
  register: Pick<TinyRegister, 'files' | 'policyText'>,
  code: VerifyErrorCode,
  file: string,
  message?: RegExp,
): Promise<void> {
  const finding = await findLie(register)
  assert.deepEqual({ code: finding?.code, file: finding?.file }, { code, file })
  if (message !== undefined) assert.match(finding?.message ?? '', message)
}

/** Changes one bit of a file. */
export function flipBit(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const flipped = bytes.slice()
  flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
  return flipped
}
