import { approvalsRoot, type CommittedLeaf } from '../declaration/approval.ts'
import {
  type ApprovedProposal,
  encodeApprovalOpening,
  type OpenedLeaf,
} from '../declaration/approval-opening.ts'
import { RECIPIENTS_MAX, sealTo } from '../sealing/age.ts'
import { pad } from '../sealing/padding.ts'
import type { Sha256, TreeHash } from '../tlog/hash.ts'
import { RegisterError } from './error.ts'
import type { ItemApproval } from './reviewed-item.ts'
import type { OrderedDeclaration } from './write-batch.ts'

export type ApprovalEvidence = {
  readonly root: TreeHash
  /** What an auditor needs to show the approvals behind any index; says which leaves belong together, so it is sealed. */
  readonly opening: Uint8Array
}

/** Commits to who approved which declaration, leaf by leaf in index order, and writes down what leads from each leaf to that. */
export function commitApprovals(
  { register, first }: { readonly register: string; readonly first: number },
  ordered: readonly OrderedDeclaration[],
  secret: Uint8Array,
  sha256: Sha256,
): ApprovalEvidence {
  const proposals: ApprovedProposal[] = []
  const numbers = new Map<ItemApproval, number>()
  const committed: CommittedLeaf[] = []
  const leaves: OpenedLeaf[] = []
  for (const { item, declaration } of ordered) {
    const { approval } = item
    const { approved } = declaration
    const hash = approval?.proposal.declarations[approved?.place ?? -1]
    if (approval === null || approved === null || hash === undefined) {
      throw new RegisterError('bad_item', 'a declaration that nobody approved')
    }
    const proposal = numbers.get(approval) ?? proposals.push(approval.proposal) - 1
    numbers.set(approval, proposal)
    committed.push({ lines: approval.lines, declaration: hash })
    leaves.push({ proposal, ...approved })
  }
  const root = approvalsRoot(committed, secret, sha256)
  return { root, opening: encodeApprovalOpening({ register, first, secret, proposals, leaves }) }
}

/** Sealed to those who may be asked to show it. Until somebody holds such a role there is nothing to show either. */
export async function sealApprovals(
  opening: Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array> {
  if (recipients.length === 0) return new Uint8Array(0)
  return sealTo(recipients.slice(0, RECIPIENTS_MAX), pad(opening))
}
