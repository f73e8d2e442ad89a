import { toBase64 } from '../encoding/base64.ts'
import { concatBytes, equalBytes, utf8 } from '../encoding/bytes.ts'
import { appendLeafHashes, emptyEdge } from '../tlog/edge.ts'
import { HASH_BYTES, leafHash, type Sha256, type TreeHash, treeHash } from '../tlog/hash.ts'
import type { ApprovalOpening, ApprovedProposal } from './approval-opening.ts'
import { approveMessage, proposeMessage } from './approved-item.ts'
import { DeclarationError } from './error.ts'
import { parseLeaf } from './leaf.ts'
import { encodeView, hashOfDigest } from './proposal-hash.ts'
import { type TwoPeopleTrust, type TwoSignatures, verifyTwoPeople } from './two-people.ts'

const PLACE_BYTES = 4

export type LeafApprovalTrust = TwoPeopleTrust & { readonly sha256: Sha256 }
export type ShownApproval = { readonly proposedBy: string; readonly approvedBy: string }

/** What both signatures of a proposal say, in the lines that a batch commits to. */
export function approvalLines(proposal: string, signed: TwoSignatures): Uint8Array {
  return utf8(
    `avow/approval/v1\nproposal ${proposal}\n` +
      `proposed ${signed.proposedBy} ${signed.proposedSignature}\n` +
      `approved ${signed.approvedBy} ${signed.approvedSignature}\n`,
  )
}

/** One leaf of a batch: which approval, and which declaration of its proposal. */
export type CommittedLeaf = { readonly lines: Uint8Array; readonly declaration: TreeHash }

/**
 * One salted hash a leaf, in index order, under an RFC 6962 root: showing the approval of one drawn index tells nothing about
 * another. The entry of the i-th leaf is salt ‖ declaration ‖ approval, its salt SHA-256(secret ‖ uint32 i).
 */
export function approvalsRoot(
  leaves: readonly CommittedLeaf[],
  secret: Uint8Array,
  sha256: Sha256,
): TreeHash {
  const preimages = new Map<Uint8Array, Uint8Array>()
  const saltPreimage = concatBytes(secret, new Uint8Array(PLACE_BYTES))
  const place = new DataView(saltPreimage.buffer, secret.length)
  const hashes = leaves.map(({ lines, declaration }, i) => {
    const preimage = preimages.get(lines) ?? entryPreimage(lines)
    preimages.set(lines, preimage)
    place.setUint32(0, i)
    preimage.set(sha256(saltPreimage), 1)
    preimage.set(declaration, 1 + HASH_BYTES)
    return treeHash(sha256(preimage))
  })
  return appendLeafHashes(emptyEdge(), hashes, sha256).root
}

/** RFC 6962's leaf: 0x00 ‖ salt ‖ declaration ‖ approval, the first two still to be filled in. */
function entryPreimage(lines: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(1 + 2 * HASH_BYTES), lines)
}

/** Proves that an opening is what the batch event committed to. Throws `approval_refused`. */
export function verifyApprovalsRoot(
  opening: ApprovalOpening,
  approvals: Uint8Array,
  sha256: Sha256,
): void {
  const lines = opening.proposals.map((proposal) =>
    approvalLines(hashOf(opening, proposal, sha256), proposal),
  )
  const leaves = opening.leaves.map(({ proposal, place }) => ({
    lines: lines[proposal] ?? new Uint8Array(0),
    declaration: opening.proposals[proposal]?.declarations[place] ?? refuse('no such declaration'),
  }))
  if (!equalBytes(approvalsRoot(leaves, opening.secret, sha256), approvals)) {
    refuse('the approvals are not those of the batch')
  }
}

/**
 * Proves that two people of the proposal's centre signed for exactly what stands in the log at this index: from the leaf to
 * the view of it, to the proposal, to both signatures. Throws `approval_refused`, or `bad_leaf`.
 */
export function verifyLeafApproval(
  index: number,
  entry: Uint8Array,
  opening: ApprovalOpening,
  trust: LeafApprovalTrust,
): ShownApproval {
  const shown = opening.leaves[index - opening.first]
  const proposal = opening.proposals[shown?.proposal ?? -1]
  if (shown === undefined || proposal === undefined) return refuse('nothing is shown for it')
  const leaf = parseLeaf(entry)
  const about = shown.about.map(toBase64)
  if (leaf.form !== proposal.form) refuse('another form')
  if (!about.includes(toBase64(leaf.about))) refuse('about is none of the ladder')
  const view = encodeView({
    orgs: leaf.orgs,
    evidence: leaf.evidence,
    key: leaf.key,
    shown: leaf.shown,
    body: leaf.body === undefined ? null : toBase64(leaf.body),
    name: leaf.name === undefined ? null : toBase64(leaf.name),
    about,
    author: toBase64(leaf.author),
    whole: shown.whole,
  })
  const declaration = proposal.declarations[shown.place]
  if (declaration === undefined || !equalBytes(leafHash(view, trust.sha256), declaration)) {
    refuse('the leaf is not the declaration that was approved')
  }
  const hash = hashOf(opening, proposal, trust.sha256)
  const messages = { propose: proposeMessage(hash), approve: approveMessage(hash) }
  verifyTwoPeople(proposal, messages, proposal.centre, trust, 'approval_refused')
  return { proposedBy: proposal.proposedBy, approvedBy: proposal.approvedBy }
}

function hashOf(opening: ApprovalOpening, proposal: ApprovedProposal, sha256: Sha256): string {
  const declarations = proposal.declarations.map((hash) => ({ hash }))
  return hashOfDigest({ ...proposal, register: opening.register, declarations }, sha256)
}

function refuse(message: string): never {
  throw new DeclarationError('approval_refused', message)
}
