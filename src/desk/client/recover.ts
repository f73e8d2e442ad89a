import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { sealInvitation } from '../../centres/invitation.ts'
import { invitationLookup, invitationUrl } from '../../centres/invitation-link.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { toHex } from '../../encoding/hex.ts'
import { verifyDirectory } from '../../sealing/directory.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import { signFounding } from '../../sealing/directory-signing.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { type RecoveryContents, recoveryRequest } from '../../sealing/recovery.ts'
import type { RecoveryShare } from '../../sealing/recovery-share.ts'
import type { Connection } from './connection.ts'
import { DeskClientError } from './error.ts'
import { openRecoveryFile, requireNamed } from './recovery.ts'
import { joinShares } from './recovery-shares.ts'
import { dayOfChange } from './sign-directory.ts'

export interface RecoverOptions {
  readonly publicUrl: string
  /** Where the two new key holders work at first. */
  readonly centre: string
  readonly random: (length: number) => Uint8Array
  readonly today: string
}

/**
 * When no key holder can unlock any more: enough shares open the recovery file and name two founding keys, each in a
 * link that enters one new key holder. The shares are used up by it. Throws DeskClientError.
 */
export async function recoverKeyHolders(
  connection: Connection,
  shares: readonly RecoveryShare[],
  { publicUrl, centre, random, today }: RecoverOptions,
): Promise<readonly string[]> {
  const keys = await joinShares(shares)
  const { register } = await connection.get<{ readonly register: string }>('register')
  const answer = await connection.post<{
    readonly sealed: string
    readonly entries: readonly DirectoryEntry[]
  }>('recovery/open', {
    signature: toBase64(ed25519.sign(recoveryRequest(register, today), keys.signingSeed)),
  })
  const contents = await openRecoveryFile(answer.sealed, keys)
  const directory = trustDirectory(answer.entries, contents)
  requireNamed(directory, keys)
  const seeds = [random(32), random(32)] as const
  const founders = [ed25519.getPublicKey(seeds[0]), ed25519.getPublicKey(seeds[1])] as const
  const day = dayOfChange(directory, today)
  const change = { change: 'found', founders } as const
  const entry = signFounding('recovery', directory, day, change, keys.signingSeed)
  const invitations = []
  const links = []
  for (const founderSeed of seeds) {
    const seed = random(32)
    const sealed = await sealInvitation(
      {
        register: contents.register,
        rootPublicKey: contents.rootPublicKey,
        roles: ['key-holder', 'reviewer'],
        centre,
        volunteer: null,
        founderSeed,
        centreIdentities: contents.centreIdentities,
      },
      seed,
    )
    invitations.push({ lookup: toHex(invitationLookup(seed, sha256)), sealed: toBase64(sealed) })
    const rootHash = sha256(contents.rootPublicKey)
    links.push(invitationUrl(publicUrl, { seed, rootHash }))
  }
  await connection.post('recovery/found', { entry, invitations })
  return links
}

function trustDirectory(
  entries: readonly DirectoryEntry[],
  { register, rootPublicKey, directory: pin }: RecoveryContents,
): Directory {
  try {
    return verifyDirectory(entries, register, rootPublicKey, { pin })
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('untrusted_directory', 'the directory does not verify', error)
  }
}
