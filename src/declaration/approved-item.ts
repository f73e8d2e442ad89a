import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { commitmentFromBase64, saltFromBase64, verifyOpening } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { object, parseCanonicalJson } from './json-shape.ts'
import {
  checkProposal,
  PROPOSAL_MAX_BYTES,
  type Proposal,
  type ProposedDeclaration,
  parseProposal,
} from './proposal.ts'
import { digestProposal, hashOfDigest, type ProposalDigest } from './proposal-hash.ts'
import { proposalShape } from './proposal-shape.ts'
import {
  type TwoPeopleTrust,
  type TwoSignatures,
  twoSignatureShapes,
  verifyTwoPeople,
} from './two-people.ts'
import { encodeBody, encodeName, type StatementText } from './values.ts'

export type ApprovedItem = TwoSignatures & { readonly proposal: Proposal }

export type ApprovalTrust = TwoPeopleTrust & {
  readonly register: string
  readonly sha256: Sha256
}

export type ApprovalEvidence = {
  readonly proposalHash: string
  readonly digest: ProposalDigest
  readonly proposer: string
  readonly decider: string
}

const itemShape = object({ proposal: proposalShape, ...twoSignatureShapes })

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
  const digest = digestProposal(proposal, trust.sha256)
  const hash = hashOfDigest(digest, trust.sha256)
  const messages = { propose: proposeMessage(hash), approve: approveMessage(hash) }
  verifyTwoPeople(item, messages, proposal.centre, trust, 'approval_refused')
  for (const statement of proposal.statements) {
    for (const declaration of statement.declarations) {
      verifyShown(declaration, statement.text, trust.sha256)
    }
  }
  return { proposalHash: hash, digest, proposer: item.proposedBy, decider: item.approvedBy }
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
