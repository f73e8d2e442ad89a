import { sha256 } from '@noble/hashes/sha2.js'
import { sealInvitation } from '../../centres/invitation.ts'
import { invitationLookup, invitationUrl } from '../../centres/invitation-link.ts'
import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { toHex } from '../../encoding/hex.ts'
import { generateIdentity, recipientOf } from '../../sealing/age.ts'
import { ROLES, type Role } from '../../sealing/directory-change.ts'
import { admissionCode } from './admission-code.ts'
import { DeskClientError } from './error.ts'
import { sealHandedKeys, storeKeyring } from './handed-keys.ts'
import { type KeysFor, signDirectory } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** Somebody who accepted an invitation and waits for a key holder. All of it comes from the server, unproven. */
export interface Applicant {
  readonly volunteer: string
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signingKey: string
  readonly day: string
}

/**
 * A link for one person. It carries no key: whoever follows it applies, and is admitted by code. Only a link
 * for a key holder opens the root seed and every centre key, as the first two links did: it goes from hand to hand.
 */
export async function inviteVolunteer(
  desk: UnlockedDesk,
  publicUrl: string,
  wanted: { readonly roles: readonly Role[]; readonly centre: string },
): Promise<string> {
  const { register, rootPublicKey, rootSeed, centreIdentities } = desk.keyring
  const seed = desk.random(32)
  const sealed = await sealInvitation(
    wanted.roles.includes('key-holder')
      ? { register, rootPublicKey, ...wanted, rootSeed, centreIdentities }
      : { register, rootPublicKey, ...wanted, rootSeed: null, centreIdentities: [] },
    seed,
  )
  await desk.connection.post('invite', {
    lookup: toHex(invitationLookup(seed, sha256)),
    sealed: toBase64(sealed),
  })
  return invitationUrl(publicUrl, { seed, rootHash: sha256(rootPublicKey) })
}

export async function listApplicants(desk: UnlockedDesk): Promise<readonly Applicant[]> {
  const answer = await desk.connection.get<{ readonly applicants: readonly Applicant[] }>(
    'applicants',
  )
  return answer.applicants
}

/** What the applicant's own screen shows, if the server changed nothing. */
export function codeOfApplicant(applicant: Applicant): string {
  const { volunteer, recipient, signingKey } = applicant
  return admissionCode({ volunteer, recipient, signingKey: fromBase64(signingKey) })
}

/** After the codes were compared by voice: signs the entry and hands over the centre's keys. */
export async function admitApplicant(
  desk: UnlockedDesk,
  applicant: Applicant,
  roles: readonly Role[] = rolesOf(applicant),
): Promise<void> {
  const { volunteer, centre, recipient, signingKey } = applicant
  if (roles.includes('key-holder')) {
    throw new DeskClientError('not_allowed', 'the root seed is handed over by invitation only')
  }
  const identities = desk.keyring.centreIdentities.filter((key) => key.centre === centre)
  const sealed = await sealHandedKeys(identities, recipient)
  await signDirectory(
    desk,
    {
      change: 'volunteer',
      id: volunteer,
      roles: roles.toSorted(),
      centre,
      recipient,
      signingKey: fromBase64(signingKey),
    },
    [{ volunteer, sealed }],
  )
}

export async function refuseApplicant(desk: UnlockedDesk, applicant: Applicant): Promise<void> {
  await desk.connection.post('applicants/refuse', { volunteer: applicant.volunteer })
}

export function revokeVolunteer(desk: UnlockedDesk, volunteer: string): Promise<void> {
  return signDirectory(desk, { change: 'revoke', id: volunteer })
}

/**
 * A new centre, or a centre's key of a new month. The key is stored in this keyring before the directory
 * names it: a crash between the two leaves an unused key, never one that nobody holds.
 */
export async function makeCentreKey(desk: UnlockedDesk, centre: string): Promise<void> {
  const month = dayMonth(desk)
  const identity = await generateIdentity()
  const added = { centre, month, identity }
  const centreIdentities = [...desk.keyring.centreIdentities, added]
  await storeKeyring(desk, { ...desk.keyring, centreIdentities }, [])
  const keys: KeysFor[] = []
  for (const { id, recipient, centre: home, roles } of desk.directory.volunteers.values()) {
    if (id === desk.volunteer.id || (home !== centre && !roles.includes('key-holder'))) continue
    keys.push({ volunteer: id, sealed: await sealHandedKeys([added], recipient) })
  }
  const recipient = await recipientOf(identity)
  await signDirectory(desk, { change: 'centre', id: centre, month, recipient }, keys)
}

function dayMonth(desk: UnlockedDesk): string {
  const month = desk.today().slice(0, 7)
  const latest = [...desk.directory.centres.values()].map((centre) => centre.month)
  return [month, ...latest].toSorted().at(-1) ?? month
}

export function rolesOf(applicant: Applicant): readonly Role[] {
  const wanted = applicant.roles.split(',')
  return ROLES.filter((role) => wanted.includes(role) && role !== 'key-holder')
}
