import { sha256 } from '@noble/hashes/sha2.js'
import { sealInvitation } from '../../centres/invitation.ts'
import { invitationLookup, invitationUrl } from '../../centres/invitation-link.ts'
import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { toHex } from '../../encoding/hex.ts'
import { ROLES, type Role } from '../../sealing/directory-change.ts'
import type { Volunteer } from '../../sealing/directory-state.ts'
import type { CentreIdentity } from '../../sealing/keyring-codec.ts'
import { admissionCode } from './admission-code.ts'
import { DeskClientError } from './error.ts'
import { sealHandedKeys } from './handed-keys.ts'
import { proposeDirectoryChange, signDirectoryAlone } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** Somebody who accepted an invitation and waits for two key holders. All of it comes from the server, unproven. */
export interface Applicant {
  readonly volunteer: string
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signingKey: string
  readonly day: string
}

export interface Wanted {
  readonly roles: readonly Role[]
  readonly centre: string
  /** Somebody of the directory who lost their keys and keeps the name. */
  readonly volunteer?: string
}

/** A link for one person. It carries no key: whoever follows it applies, and is admitted by code and two signatures. */
export async function inviteVolunteer(
  desk: UnlockedDesk,
  publicUrl: string,
  { roles, centre, volunteer: renewed }: Wanted,
): Promise<string> {
  const volunteer = renewed ?? null
  const { register, rootPublicKey } = desk.keyring
  const seed = desk.random(32)
  const sealed = await sealInvitation(
    { register, rootPublicKey, roles, centre, volunteer, founderSeed: null, centreIdentities: [] },
    seed,
  )
  await desk.connection.post('invite', {
    lookup: toHex(invitationLookup(seed, sha256)),
    sealed: toBase64(sealed),
    renews: volunteer,
  })
  return invitationUrl(publicUrl, { seed, rootHash: sha256(rootPublicKey) })
}

/** A link under the same name, tasks and centre, for somebody whose device or words are lost. */
export function inviteAgain(desk: UnlockedDesk, publicUrl: string, name: string): Promise<string> {
  const { roles, centre } = requireKnown(desk, name)
  return inviteVolunteer(desk, publicUrl, { roles, centre, volunteer: name })
}

export async function listApplicants(desk: UnlockedDesk): Promise<readonly Applicant[]> {
  const answer = await desk.connection.get<{ readonly applicants: readonly Applicant[] }>(
    'applicants',
  )
  return answer.applicants
}

/** What the applicant's own screen shows, if the server changed nothing. */
export function codeOfApplicant({ keyring }: UnlockedDesk, applicant: Applicant): string {
  const { volunteer, centre, recipient } = applicant
  return admissionCode({
    register: keyring.register,
    volunteer,
    centre,
    roles: rolesOf(applicant),
    recipient,
    signingKey: fromBase64(applicant.signingKey),
  })
}

/** After the codes were compared by voice: proposes the entry, with the centre's keys for the newcomer. */
export function admitApplicant(desk: UnlockedDesk, applicant: Applicant): Promise<void> {
  const { volunteer: id, centre, recipient, signingKey } = applicant
  const roles = rolesOf(applicant)
  return proposeVolunteer(desk, {
    id,
    roles,
    centre,
    recipient,
    signingKey: fromBase64(signingKey),
  })
}

export async function refuseApplicant(desk: UnlockedDesk, applicant: Applicant): Promise<void> {
  await desk.connection.post('applicants/refuse', { volunteer: applicant.volunteer })
}

/** Other tasks or another centre, with the keys they have. */
export function editVolunteer(
  desk: UnlockedDesk,
  name: string,
  wanted: { readonly roles: readonly Role[]; readonly centre: string },
): Promise<void> {
  return proposeVolunteer(desk, { ...requireKnown(desk, name), ...wanted })
}

/** Lifts a suspension: the volunteer enters again as they were. */
export function restoreVolunteer(desk: UnlockedDesk, name: string): Promise<void> {
  return proposeVolunteer(desk, requireKnown(desk, name))
}

/** At once, on one signature; a key holder is suspended by two. */
export async function suspendVolunteer(
  desk: UnlockedDesk,
  name: string,
): Promise<'done' | 'proposed'> {
  const change = { change: 'suspend', id: name } as const
  if (requireKnown(desk, name).roles.includes('key-holder')) {
    await proposeDirectoryChange(desk, change)
    return 'proposed'
  }
  await signDirectoryAlone(desk, change)
  return 'done'
}

/** For good: suspended at once where one may, and taken out when somebody else signs it too. */
export async function revokeVolunteer(desk: UnlockedDesk, name: string): Promise<void> {
  const { roles } = requireKnown(desk, name)
  const isActive = desk.directory.volunteers.has(name)
  if (isActive && !roles.includes('key-holder')) {
    await signDirectoryAlone(desk, { change: 'suspend', id: name })
  }
  await proposeDirectoryChange(desk, { change: 'revoke', id: name })
}

/** Known roles, as the directory spells them. */
export function rolesOf(applicant: Applicant): readonly Role[] {
  const wanted = applicant.roles.split(',')
  return ROLES.filter((role) => wanted.includes(role)).toSorted()
}

async function proposeVolunteer(
  desk: UnlockedDesk,
  { id, roles, centre, recipient, signingKey }: Omit<Volunteer, 'since'>,
): Promise<void> {
  const keys = await sealHandedKeys(identitiesFor(desk, roles, centre), { id, recipient })
  await proposeDirectoryChange(
    desk,
    { change: 'volunteer', id, roles: roles.toSorted(), centre, recipient, signingKey },
    keys,
  )
}

/** A centre's people hold its keys; key holders hold every centre's, to hand them on. */
function identitiesFor(
  { keyring }: UnlockedDesk,
  roles: readonly Role[],
  centre: string,
): readonly CentreIdentity[] {
  const all = roles.includes('key-holder')
  return keyring.centreIdentities.filter((key) => all || key.centre === centre)
}

function requireKnown({ directory }: UnlockedDesk, name: string): Volunteer {
  const found = directory.volunteers.get(name) ?? directory.suspendedVolunteers.get(name)
  if (found === undefined) throw new DeskClientError('change_refused', 'nobody of that name')
  return found
}
