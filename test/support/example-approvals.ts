import { approvalLines, approvalsRoot } from '../../src/declaration/approval.ts'
import type { ApprovalOpening, ApprovedProposal } from '../../src/declaration/approval-opening.ts'
import { approveMessage, proposeMessage } from '../../src/declaration/approved-item.ts'
import { encodeLeaf } from '../../src/declaration/leaf.ts'
import { leafOfDeclaration, type Proposal } from '../../src/declaration/proposal.ts'
import { digestProposal, hashOfDigest } from '../../src/declaration/proposal-hash.ts'
import type { TwoPeopleTrust } from '../../src/declaration/two-people.ts'
import { fromBase64, toBase64 } from '../../src/encoding/base64.ts'
import { nobleEd25519 } from '../../src/tlog/ed25519.ts'
import type { TreeHash } from '../../src/tlog/hash.ts'
import { bytesFrom, sha256 } from './declaration-examples.ts'
import { exampleDeclaration, exampleProposal } from './example-proposal.ts'

export const AUDITED_FIRST = 7
const SEEDS = new Map(['mei', 'jun'].map((id) => [id, bytesFrom(id)]))

/** Two small cases of one batch, approved by mei and jun, and the leaves they became: the first of each at its own fold level. */
export function exampleApprovals(signers: readonly [string, string] = ['mei', 'jun']) {
  const other: Proposal = {
    ...exampleProposal(),
    case: 'cd'.repeat(16),
    keptOut: [],
    statements: [{ id: 'ef'.repeat(16), text: null, declarations: [exampleDeclaration(9, {})] }],
  }
  const secret = bytesFrom('approvals')
  const proposals: ApprovedProposal[] = []
  const leaves: ApprovalOpening['leaves'][number][] = []
  const entries: Uint8Array[] = []
  const committed: { lines: Uint8Array; declaration: TreeHash }[] = []
  for (const [number, proposal] of [exampleProposal(), other].entries()) {
    const digest = digestProposal(proposal, sha256)
    const hash = hashOfDigest(digest, sha256)
    const signatures = {
      proposedBy: signers[0],
      proposedSignature: sign(signers[0], proposeMessage(hash)),
      approvedBy: signers[1],
      approvedSignature: sign(signers[1], approveMessage(hash)),
    }
    const { form, centre, frame } = digest
    const hashes = digest.declarations.map((one) => one.hash)
    proposals.push({ form, centre, frame, declarations: hashes, ...signatures })
    const declarations = proposal.statements.flatMap((statement) => statement.declarations)
    for (const [place, declaration] of declarations.entries()) {
      const level = place === 0 ? 0 : 3
      const { whole, hash: view } = digest.declarations[place] ?? { whole: secret, hash: undefined }
      if (view === undefined) throw new RangeError('no such declaration')
      const about = declaration.about.map(({ commitment }) => fromBase64(commitment))
      entries.push(encodeLeaf(leafOfDeclaration(form, '2026-11-22', declaration, level)))
      leaves.push({ proposal: number, place, whole, about })
      committed.push({ lines: approvalLines(hash, signatures), declaration: view })
    }
  }
  const { register } = exampleProposal()
  const opening: ApprovalOpening = { register, first: AUDITED_FIRST, secret, proposals, leaves }
  return { opening, entries, root: approvalsRoot(committed, secret, sha256) }
}

export function exampleTrust(
  roles: readonly string[] = ['reviewer'],
): TwoPeopleTrust & { readonly sha256: typeof sha256 } {
  return {
    findVolunteer: (id) => {
      const seed = SEEDS.get(id)
      if (seed === undefined) return undefined
      return { signingKey: nobleEd25519.publicKey(seed), roles, centre: 'centre-north' }
    },
    ed25519Verify: nobleEd25519.verify,
    sha256,
  }
}

export function sign(id: string, message: Uint8Array): string {
  return toBase64(nobleEd25519.sign(message, SEEDS.get(id) ?? bytesFrom(id)))
}
