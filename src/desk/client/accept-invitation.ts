import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { CentresError } from '../../centres/error.ts'
import { type Invitation, openInvitation } from '../../centres/invitation.ts'
import { invitationLookup, parseInvitationLink } from '../../centres/invitation-link.ts'
import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { toHex } from '../../encoding/hex.ts'
import { generateIdentity, recipientOf } from '../../sealing/age.ts'
import { verifyDirectory } from '../../sealing/directory.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import { signFounding } from '../../sealing/directory-signing.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { sealKeyring, stretchPassphrase } from '../../sealing/keyring.ts'
import type { Keyring } from '../../sealing/keyring-codec.ts'
import { admissionCode } from './admission-code.ts'
import type { Connection } from './connection.ts'
import { DeskClientError } from './error.ts'
import { dayOfChange } from './sign-directory.ts'

/** An invitation that opened and whose root stands behind the directory the server shows. */
export interface OpenedInvitation {
  readonly lookup: string
  readonly invitation: Invitation
  readonly directory: Directory
}

export interface AcceptOptions {
  readonly volunteer: string
  readonly passphrase: string
  readonly today: string
  readonly random: (length: number) => Uint8Array
}

export interface Accepted {
  readonly volunteer: string
  readonly state: 'admitted' | 'applied'
  /** To be read out to two key holders, on another way than this server. */
  readonly code: string
}

/** `fragment` is the part of the link after `#`. Throws DeskClientError. */
export async function openInvitationLink(
  connection: Connection,
  fragment: string,
): Promise<OpenedInvitation> {
  try {
    const link = parseInvitationLink(fragment)
    const lookup = toHex(invitationLookup(link.seed, sha256))
    const answer = await connection.post<{
      readonly sealed: string
      readonly entries: readonly DirectoryEntry[]
    }>('invitation', { lookup })
    const invitation = await openInvitation(fromBase64(answer.sealed), link, sha256)
    const { register, rootPublicKey } = invitation
    return {
      lookup,
      invitation,
      directory: verifyDirectory(answer.entries, register, rootPublicKey),
    }
  } catch (error) {
    throw refusalOf(error)
  }
}

/**
 * Makes the volunteer's pair and keyring and uses the invitation up. If somebody else's change was signed
 * meanwhile the invitation still stands: open it again and accept again.
 */
export async function acceptInvitation(
  connection: Connection,
  opened: OpenedInvitation,
  options: AcceptOptions,
): Promise<Accepted> {
  const { volunteer, passphrase, random } = options
  const { register, rootPublicKey, centreIdentities, centre, roles } = opened.invitation
  const { size, head } = opened.directory
  const { loginProof, filePassphrase } = await stretchPassphrase(passphrase, volunteer)
  const identity = await generateIdentity()
  const signingSeed = random(32)
  const keyring: Keyring = {
    volunteer,
    register,
    rootPublicKey,
    identity,
    signingSeed,
    directory: { size, head },
    centreIdentities,
  }
  const recipient = await recipientOf(identity)
  const signingKey = ed25519.getPublicKey(signingSeed)
  const { state } = await connection.post<{ readonly state: Accepted['state'] }>(
    'invitation/accept',
    {
      lookup: opened.lookup,
      volunteer,
      loginProof,
      keyring: toBase64(await sealKeyring(keyring, filePassphrase)),
      wish: wishOf(opened, options, { recipient, signingKey }),
    },
  )
  const code = admissionCode({ register, volunteer, centre, roles, recipient, signingKey })
  return { volunteer, state, code }
}

function wishOf(
  { invitation, directory }: OpenedInvitation,
  { volunteer, today }: AcceptOptions,
  { recipient, signingKey }: { readonly recipient: string; readonly signingKey: Uint8Array },
) {
  const { centre, founderSeed } = invitation
  const roles = invitation.roles.toSorted()
  if (founderSeed === null) {
    return { centre, roles: roles.join(','), recipient, signingKey: toBase64(signingKey) }
  }
  const change = {
    change: 'volunteer',
    id: volunteer,
    roles,
    centre,
    recipient,
    signingKey,
  } as const
  const day = dayOfChange(directory, today)
  return signFounding('founder', directory, day, change, founderSeed)
}

function refusalOf(error: unknown): unknown {
  if (error instanceof CentresError) {
    const code = error.code === 'wrong_invitation_root' ? 'wrong_root' : 'bad_link'
    return new DeskClientError(code, 'the link and the service do not agree', error)
  }
  if (error instanceof SealingError) {
    const code = error.code === 'cannot_open' ? 'bad_link' : 'untrusted_directory'
    return new DeskClientError(code, 'the invitation or the directory does not verify', error)
  }
  return error
}
