import { fromBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import { DeclarationError, type DeclarationErrorCode } from './error.ts'
import { BASE64_64_BYTES, whole } from './grammar.ts'
import { type Shape, text } from './json-shape.ts'

/** What the signed directory says of a volunteer today. */
export type DirectoryVolunteer = {
  readonly signingKey: Uint8Array
  readonly roles: readonly string[]
  readonly centre: string
}

export type TwoPeopleTrust = {
  readonly findVolunteer: (id: string) => DirectoryVolunteer | undefined
  readonly ed25519Verify: Ed25519Verify
}

/** Who proposed and who decided, and their signatures in base64. */
export type TwoSignatures = {
  readonly proposedBy: string
  readonly proposedSignature: string
  readonly approvedBy: string
  readonly approvedSignature: string
}

const ROLES_THAT_DECIDE = ['reviewer', 'key-holder']
const volunteerId: Shape<string> = text(64, /^[a-z0-9][a-z0-9._-]*$/)
const signature: Shape<string> = text(88, whole(BASE64_64_BYTES))
export const twoSignatureShapes = {
  proposedBy: volunteerId,
  proposedSignature: signature,
  approvedBy: volunteerId,
  approvedSignature: signature,
}

/** Two different people of this centre, both in a role that decides, signed these two messages. Throws `refusal`. */
export function verifyTwoPeople(
  signed: TwoSignatures,
  messages: { readonly propose: Uint8Array; readonly approve: Uint8Array },
  centre: string,
  trust: TwoPeopleTrust,
  refusal: DeclarationErrorCode,
): void {
  const refused = (message: string) => new DeclarationError(refusal, message)
  const verify = (by: string, signature: string, message: Uint8Array): string => {
    const volunteer = trust.findVolunteer(by)
    if (volunteer === undefined) throw refused('signer is not in the directory')
    if (volunteer.centre !== centre) throw refused('signer is of another centre')
    if (!volunteer.roles.some((role) => ROLES_THAT_DECIDE.includes(role))) {
      throw refused('signer has no role that decides')
    }
    if (!trust.ed25519Verify(fromBase64(signature), message, volunteer.signingKey)) {
      throw refused('signature does not verify')
    }
    return toHex(volunteer.signingKey)
  }
  if (signed.proposedBy === signed.approvedBy) {
    throw refused('proposed and approved by one person')
  }
  const proposerKey = verify(signed.proposedBy, signed.proposedSignature, messages.propose)
  const deciderKey = verify(signed.approvedBy, signed.approvedSignature, messages.approve)
  // Two names with one key are one person.
  if (proposerKey === deciderKey) throw refused('both signatures are of one key')
}
