import { fromBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { commitmentFromBase64, saltFromBase64, verifyOpening } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { BASE64_64_BYTES, whole } from './grammar.ts'
import { object, parseCanonicalJson, text } from './json-shape.ts'
import {
  checkProposal,
  PROPOSAL_MAX_BYTES,
  type Proposal,
  type ProposedDeclaration,
  parseProposal,
  proposalHash,
} from './proposal.ts'
import { proposalShape } from './proposal-shape.ts'
import { encodeBody, encodeName, type StatementText } from './values.ts'

export type ApprovedItem = {
  readonly proposal: Proposal
  readonly proposedBy: string
  readonly proposedSignature: string
  readonly approvedBy: string
  readonly approvedSignature: string
}

/** What the signed directory says of a volunteer today. */
export type DirectoryVolunteer = {
  readonly signingKey: Uint8Array
  readonly roles: readonly string[]
  readonly centre: string
}

export type ApprovalTrust = {
  readonly register: string
  readonly findVolunteer: (id: string) => DirectoryVolunteer | undefined
  readonly ed25519Verify: Ed25519Verify
  readonly sha256: Sha256
}

export type ApprovalEvidence = {
  readonly proposalHash: string
  readonly proposer: string
  readonly decider: string
}

const ROLES_THAT_DECIDE = ['reviewer', 'key-holder']
const volunteerId = text(64, /^[a-z0-9][a-z0-9._-]*$/)
const signature = text(88, whole(BASE64_64_BYTES))
const itemShape = object({
  proposal: proposalShape,
  proposedBy: volunteerId,
  proposedSignature: signature,
  approvedBy: volunteerId,
  approvedSignature: signature,
})

export function proposeMessage(hash: string): Uint8Array {
  return utf8(`avow/propose/v1\n${hash}\n`)
}

export function approveMessage(hash: string): Uint8Array {
  return utf8(`avow/approve/v1\n${hash}\n`)
}

export function encodeApprovedItem(item: ApprovedItem): Uint8Array {
  return utf8(canonicalJson(item))
}

/** Throws `bad_proposal`. Reads only: an item proves nothing before `verifyApprovedItem`. */
export function parseApprovedItem(bytes: Uint8Array): ApprovedItem {
  const item = parseCanonicalJson(bytes, PROPOSAL_MAX_BYTES + 1024, itemShape, 'bad_proposal')
  checkProposal(item.proposal)
  return item
}

/**
 * Proves that two different people of the case's own centre signed exactly this proposal, and that
 * everything it shows opens its commitment. Throws `approval_refused`, `bad_proposal` or `opening_mismatch`.
 */
export function verifyApprovedItem(item: ApprovedItem, trust: ApprovalTrust): ApprovalEvidence {
  const proposal = parseProposal(utf8(canonicalJson(item.proposal)))
  if (proposal.register !== trust.register) throw refused('made for another register')
  if (item.proposedBy === item.approvedBy) throw refused('proposed and approved by one person')
  const hash = proposalHash(proposal, trust.sha256)
  const proposerKey = verifySignature(
    { by: item.proposedBy, signature: item.proposedSignature, message: proposeMessage(hash) },
    proposal.centre,
    trust,
  )
  const deciderKey = verifySignature(
    { by: item.approvedBy, signature: item.approvedSignature, message: approveMessage(hash) },
    proposal.centre,
    trust,
  )
  // Two names with one key are one person.
  if (proposerKey === deciderKey) throw refused('both signatures are of one key')
  for (const statement of proposal.statements) {
    for (const declaration of statement.declarations) {
      verifyShown(declaration, statement.text, trust.sha256)
    }
  }
  return { proposalHash: hash, proposer: item.proposedBy, decider: item.approvedBy }
}

function verifySignature(
  signed: { readonly by: string; readonly signature: string; readonly message: Uint8Array },
  centre: string,
  { findVolunteer, ed25519Verify }: ApprovalTrust,
): string {
  const volunteer = findVolunteer(signed.by)
  if (volunteer === undefined) throw refused('signer is not in the directory')
  if (volunteer.centre !== centre) throw refused('signer is of another centre')
  if (!volunteer.roles.some((role) => ROLES_THAT_DECIDE.includes(role))) {
    throw refused('signer has no role that decides')
  }
  if (!ed25519Verify(fromBase64(signed.signature), signed.message, volunteer.signingKey)) {
    throw refused('signature does not verify')
  }
  return toHex(volunteer.signingKey)
}

function verifyShown(
  { body, name, about }: ProposedDeclaration,
  text: StatementText | null,
  sha256: Sha256,
): void {
  const open = (
    field: 'body' | 'name' | 'about',
    commitment: string,
    salt: string,
    value: Uint8Array,
  ) =>
    verifyOpening(
      commitmentFromBase64(commitment),
      field,
      { salt: saltFromBase64(salt), value },
      sha256,
    )
  if (body !== null && body.salt !== null && text !== null) {
    open('body', body.commitment, body.salt, encodeBody(text))
  }
  if (name !== null && name.salt !== null && name.value !== null) {
    open('name', name.commitment, name.salt, encodeName(name.value))
  }
  for (const variant of about) open('about', variant.commitment, variant.salt, utf8(variant.value))
}

function refused(message: string): DeclarationError {
  return new DeclarationError('approval_refused', message)
}
