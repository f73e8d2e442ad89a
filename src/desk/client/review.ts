import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import {
  type ApprovedItem,
  approveMessage,
  proposeMessage,
  verifyApprovedItem,
} from '../../declaration/approved-item.ts'
import { DeclarationError } from '../../declaration/error.ts'
import { proposalHash } from '../../declaration/proposal-hash.ts'
import type { Submission } from '../../declaration/submission.ts'
import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import type { CaseContents, SealedProposal } from '../case-contents.ts'
import type { CaseSummary } from '../read-queue.ts'
import { openForCentre } from './centre-seal.ts'
import { DeskClientError } from './error.ts'
import { type Note, openNotes } from './notes.ts'
import { openSubmissions } from './open-case.ts'
import { type ProposalBundle, parseBundle } from './proposal-bundle.ts'
import { rejectionHash } from './rejection.ts'
import { refreshDirectory } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'
import { requireSameProposal } from './verify-bundle.ts'

/** A colleague's proposal, proven: signed by them, made for this case, and made from what came in by this draft. */
export type Review = {
  readonly summary: CaseSummary
  readonly submissions: readonly Submission[]
  /** Envelopes that could not be read; only a rejection can be decided on then. */
  readonly unreadable: number
  readonly proposedBy: string
  readonly hash: string
  readonly notes: readonly Note[]
} & (
  | {
      readonly kind: 'publish'
      readonly bundle: ProposalBundle
      /** Complete with this volunteer's signature; it leaves the tab only by `approve`. */
      readonly item: ApprovedItem
    }
  | { readonly kind: 'reject'; readonly code: string }
)

/** Throws `untrusted_proposal` when anything does not fit; such a proposal can only be given back. */
export async function openReview(desk: UnlockedDesk, contents: CaseContents): Promise<Review> {
  const { summary, proposal } = contents
  if (proposal === null) throw new DeskClientError('case_not_proposed', 'nothing to decide')
  await refreshDirectory(desk)
  const { submissions, unreadable } = await openSubmissions(desk, contents.envelopes)
  const { proposedBy, hash } = proposal
  const notes = await openNotes(desk, contents.notes)
  const common = { summary, submissions, unreadable, proposedBy, hash, notes }
  if (proposal.kind === 'reject') {
    return { ...common, kind: 'reject', code: requireRejection(desk, proposal, summary.id) }
  }
  if (unreadable > 0) throw new DeskClientError('cannot_open', 'not all of the case can be read')
  const bundle = await openBundle(desk, proposal)
  try {
    const item = signAndVerify(desk, bundle, proposal, summary.id)
    requireSameProposal(bundle, submissions)
    return { ...common, kind: 'publish', bundle, item }
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    throw new DeskClientError('untrusted_proposal', 'the proposal does not verify', error)
  }
}

export async function openBundle(
  desk: UnlockedDesk,
  proposal: Pick<SealedProposal, 'sealed'>,
): Promise<ProposalBundle> {
  return parseBundle(await openForCentre(desk, fromBase64(proposal.sealed)))
}

/** What the publisher will check is checked here first, with the same function. */
function signAndVerify(
  desk: UnlockedDesk,
  { proposal }: ProposalBundle,
  { proposedBy, signature }: SealedProposal,
  caseId: string,
): ApprovedItem {
  const { keyring, directory, volunteer, formHash } = desk
  if (proposal.case !== caseId || proposal.form !== formHash) {
    throw new DeskClientError('untrusted_proposal', 'made for another case or form')
  }
  const message = approveMessage(proposalHash(proposal, sha256))
  const item: ApprovedItem = {
    proposal,
    proposedBy,
    proposedSignature: signature,
    approvedBy: volunteer.id,
    approvedSignature: toBase64(ed25519.sign(message, keyring.signingSeed)),
  }
  verifyApprovedItem(item, {
    register: keyring.register,
    findVolunteer: (id) => directory.volunteers.get(id),
    ed25519Verify,
    sha256,
  })
  return item
}

function requireRejection(
  { directory, volunteer }: UnlockedDesk,
  { proposedBy, hash, signature, code }: SealedProposal,
  caseId: string,
): string {
  const proposer = directory.volunteers.get(proposedBy)
  const isSigned =
    code !== null &&
    hash === rejectionHash(caseId, code) &&
    proposer?.centre === volunteer.centre &&
    ed25519Verify(fromBase64(signature), proposeMessage(hash), proposer.signingKey)
  if (!isSigned) throw new DeskClientError('untrusted_proposal', 'the rejection is not signed')
  return code
}

/** Strict Ed25519, the same line the directory and the publisher draw. */
function ed25519Verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  return ed25519.verify(signature, message, key, { zip215: false })
}
