import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { equalBytes } from '../../encoding/bytes.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import type { CentreIdentity } from '../../sealing/keyring-codec.ts'
import {
  openRecovery,
  type RecoveryContents,
  type RecoveryKeys,
  sealRecovery,
} from '../../sealing/recovery.ts'
import type { RecoveryShare } from '../../sealing/recovery-share.ts'
import { DeskClientError } from './error.ts'
import { isStillOurs } from './handed-keys.ts'
import { joinShares, makeShares } from './recovery-shares.ts'
import { proposeDirectoryChange } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/**
 * Splits a new recovery secret and proposes its public half; it counts when a second key holder has signed. The shares
 * are nowhere but in what this returns.
 */
export async function splitRecovery(
  desk: UnlockedDesk,
  needed: number,
  count: number,
): Promise<readonly RecoveryShare[]> {
  const { keys, shares } = await makeShares(desk.random, needed, count)
  const { recipient, signingKey } = keys
  await proposeDirectoryChange(desk, { change: 'recovery', recipient, key: signingKey })
  return shares
}

/**
 * Seals the keys of the open months to the recovery recipient, at each unlock of a key holder and after what they sign.
 * Closed months are left out.
 */
export async function renewRecoveryFile(desk: UnlockedDesk): Promise<void> {
  const { directory, keyring, volunteer, connection } = desk
  if (directory.recovery === undefined || !volunteer.roles.includes('key-holder')) return
  const { register, rootPublicKey } = keyring
  const { size, head } = directory
  const sealed = await sealRecovery(
    {
      register,
      rootPublicKey,
      directory: { size, head },
      centreIdentities: openIdentities(desk),
    },
    directory.recovery.recipient,
  )
  await connection.post('recovery/file', { sealed: toBase64(sealed), at: size })
}

/**
 * Proves that these shares would open the recovery file and that it holds every open key, and keeps nothing. Throws
 * DeskClientError: `old_shares` for a splitting that was replaced, `recovery_behind` where keys are missing.
 */
export async function rehearseRecovery(
  desk: UnlockedDesk,
  shares: readonly RecoveryShare[],
): Promise<void> {
  const keys = await joinShares(shares)
  requireNamed(desk.directory, keys)
  const { sealed } = await desk.connection.get<{ readonly sealed: string }>('recovery/file')
  const { centreIdentities } = await openRecoveryFile(sealed, keys)
  const held = new Set(centreIdentities.map(({ identity }) => identity))
  if (!openIdentities(desk).every(({ identity }) => held.has(identity))) {
    throw new DeskClientError('recovery_behind', 'the recovery file lacks a key')
  }
}

export async function openRecoveryFile(
  sealed: string,
  { identity }: RecoveryKeys,
): Promise<RecoveryContents> {
  try {
    return await openRecovery(fromBase64(sealed), identity)
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('cannot_open', 'the recovery file does not open', error)
  }
}

export function requireNamed({ recovery }: Directory, { signingKey }: RecoveryKeys): void {
  if (recovery === undefined || !equalBytes(recovery.key, signingKey)) {
    throw new DeskClientError('old_shares', 'the directory names another recovery key')
  }
}

function openIdentities(desk: UnlockedDesk): readonly CentreIdentity[] {
  return desk.keyring.centreIdentities.filter((one) => isStillOurs(desk, one))
}
