import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { equalBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { identityFromSeed, openWith, recipientOf, sealTo } from '../sealing/age.ts'
import { ROLES, type Role } from '../sealing/directory-change.ts'
import type { CentreIdentity } from '../sealing/keyring-codec.ts'
import { pad, unpad } from '../sealing/padding.ts'
import { CentresError } from './error.ts'
import type { InvitationLink } from './invitation-link.ts'

type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * What an invitation hands over. The two of the first start carry a founding key, which signs their holder's own entry
 * and nothing else, and the first centre's identity. All others carry no key: whoever follows one applies, and two key
 * holders compare codes and sign. `volunteer` is the name of somebody who lost their keys; others choose a name.
 */
export interface Invitation {
  readonly register: string
  readonly rootPublicKey: Uint8Array
  readonly centre: string
  readonly roles: readonly Role[]
  readonly volunteer: string | null
  readonly founderSeed: Uint8Array | null
  readonly centreIdentities: readonly CentreIdentity[]
}

const FORMAT = 'avow/invitation/v1'

export async function sealInvitation(
  invitation: Invitation,
  seed: Uint8Array,
): Promise<Uint8Array> {
  const recipient = await recipientOf(identityFromSeed(seed))
  return sealTo([recipient], pad(encodeInvitation(invitation)))
}

/** Opens and checks against the link: a server that put another invitation in its place is refused. */
export async function openInvitation(
  sealed: Uint8Array,
  link: InvitationLink,
  sha256: Sha256,
): Promise<Invitation> {
  const bytes = unpad(await openWith([identityFromSeed(link.seed)], sealed))
  const invitation = parseInvitation(bytes)
  if (!equalBytes(sha256(invitation.rootPublicKey), link.rootHash)) {
    throw new CentresError('wrong_invitation_root', 'the invitation names another root')
  }
  return invitation
}

export function encodeInvitation(invitation: Invitation): Uint8Array {
  const { register, rootPublicKey, centre, roles, volunteer, founderSeed, centreIdentities } =
    invitation
  return utf8(
    canonicalJson({
      format: FORMAT,
      register,
      rootPublicKey: toBase64(rootPublicKey),
      centre,
      roles: [...roles],
      volunteer,
      founderSeed: founderSeed === null ? null : toBase64(founderSeed),
      centreIdentities: centreIdentities.map(({ centre, month, identity }) => ({
        centre,
        month,
        identity,
      })),
    }),
  )
}

/** Accepts exactly what encodeInvitation writes and quotes none of it. */
export function parseInvitation(bytes: Uint8Array): Invitation {
  const value = members(parseJson(bytes))
  if (value['format'] !== FORMAT) throw badInvitation('format')
  const invitation: Invitation = {
    register: text(value['register']),
    rootPublicKey: key(value['rootPublicKey']),
    centre: text(value['centre']),
    roles: list(value['roles']).map(role),
    volunteer: value['volunteer'] === null ? null : text(value['volunteer']),
    founderSeed: value['founderSeed'] === null ? null : key(value['founderSeed']),
    centreIdentities: list(value['centreIdentities']).map((item) => {
      const { centre, month, identity } = members(item)
      return { centre: text(centre), month: text(month), identity: text(identity) }
    }),
  }
  if (!equalBytes(encodeInvitation(invitation), bytes)) throw badInvitation('not canonical')
  return invitation
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    // No cause: the parser's message quotes what it read.
    throw badInvitation('not JSON')
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInvitation('not an object')
  }
  return { ...value }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badInvitation('not a list')
  return value
}

function text(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw badInvitation('not a text')
  return value
}

function role(value: unknown): Role {
  const known = ROLES.find((name) => name === value)
  if (known === undefined) throw badInvitation('unknown role')
  return known
}

function key(value: unknown): Uint8Array {
  const encoded = text(value)
  if (!/^[A-Za-z0-9+/]{43}=$/.test(encoded)) throw badInvitation('not a 32-byte key')
  return fromBase64(encoded)
}

function badInvitation(what: string): CentresError {
  return new CentresError('bad_invitation', `invitation: ${what}`)
}
