import { sql } from 'kysely'
import { equalBytes } from '../encoding/bytes.ts'
import { type CaseContents, readCaseContents } from './case-contents.ts'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'
import { requireNotRecused } from './recusal.ts'
import type { ProposalTable } from './tables.ts'
import { writeAudit } from './write-audit.ts'

/** What the second volunteer decided about the proposal with this hash, which is the one they saw. */
export type Decision =
  | {
      readonly kind: 'approve'
      readonly hash: Uint8Array
      readonly signature: string
      readonly sealedItem: Uint8Array
      readonly recipientHash: Uint8Array
    }
  | { readonly kind: 'return'; readonly hash: Uint8Array; readonly code: string }
  | { readonly kind: 'reject'; readonly hash: Uint8Array; readonly code: string }

/** Opens a proposal for somebody else than its author. */
export async function openProposal(
  request: DeskRequest,
  caseId: Uint8Array,
): Promise<CaseContents> {
  const { opened } = await requireProposed(request, caseId)
  await requireNotRecused(request, caseId)
  if (!opened) {
    await request.tx
      .updateTable('avow.proposal')
      .set({ opened: true })
      .where('case_id', '=', caseId)
      .execute()
  }
  await writeAudit(request, 'open-proposal', caseId)
  return readCaseContents(request, caseId)
}

/**
 * One transaction for the decision, the state and the hand-over, so that no crash leaves an approved case
 * that the publisher never sees. The row lock makes the second of two deciders find it decided.
 */
export async function decideCase(
  request: DeskRequest,
  caseId: Uint8Array,
  decision: Decision,
): Promise<void> {
  const proposal = await requireProposed(request, caseId)
  await requireNotRecused(request, caseId)
  if (!equalBytes(proposal.hash, decision.hash)) {
    throw new DeskError('proposal_changed', 'another proposal than the one decided')
  }
  switch (decision.kind) {
    case 'approve':
      await approve(request, proposal, decision)
      break
    case 'return':
      await giveBack(request, proposal, decision.code)
      break
    case 'reject':
      await reject(request, proposal, decision.code)
      break
  }
  await writeAudit(request, decision.kind, caseId)
}

async function approve(
  { tx, volunteer }: DeskRequest,
  proposal: ProposalTable,
  decision: Extract<Decision, { kind: 'approve' }>,
): Promise<void> {
  if (proposal.kind !== 'publish') {
    throw new DeskError('bad_request', 'a proposed rejection is confirmed by rejecting')
  }
  await requireCurrentRecipient(tx, decision.recipientHash)
  const { case_id } = proposal
  await tx
    .updateTable('avow.proposal')
    .set({ decided_by: volunteer.id, approved_signature: decision.signature })
    .where('case_id', '=', case_id)
    .execute()
  await tx.updateTable('avow.case').set({ state: 'approved' }).where('id', '=', case_id).execute()
  await tx
    .insertInto('avow.approved_item')
    .values({
      case_id,
      kind: 'desk',
      centre: volunteer.centre,
      recipient_hash: decision.recipientHash,
      sealed: decision.sealedItem,
    })
    .execute()
}

/** Back to its author first, with a code from the list the application knows; others may take it too. */
async function giveBack(
  { tx, volunteer }: DeskRequest,
  { case_id, proposed_by }: ProposalTable,
  code: string,
): Promise<void> {
  await tx
    .updateTable('avow.proposal')
    .set({ decided_by: volunteer.id, returned_code: code })
    .where('case_id', '=', case_id)
    .execute()
  await tx
    .updateTable('avow.case')
    .set({ state: 'returned', taken_by: proposed_by })
    .where('id', '=', case_id)
    .execute()
}

async function reject(
  { tx, volunteer }: DeskRequest,
  { case_id }: ProposalTable,
  code: string,
): Promise<void> {
  const { rows } = await sql<{ done: boolean | null }>`
    SELECT avow.reject_case(${case_id}, ${code}, ${volunteer.id}) AS done`.execute(tx)
  if (rows[0]?.done !== true) throw new DeskError('case_not_proposed', 'not rejected')
}

export async function requireProposed(
  { tx, volunteer }: DeskRequest,
  caseId: Uint8Array,
): Promise<ProposalTable> {
  const found = await tx
    .selectFrom('avow.case')
    .select('state')
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (found?.state !== 'proposed') throw new DeskError('case_not_proposed', 'nothing to decide')
  const proposal = await tx
    .selectFrom('avow.proposal')
    .selectAll()
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()
  if (proposal.proposed_by === volunteer.id) {
    throw new DeskError('own_proposal', 'nobody decides on their own proposal')
  }
  return proposal
}

export async function requireCurrentRecipient(
  tx: DeskRequest['tx'],
  recipientHash: Uint8Array,
): Promise<void> {
  const row = await tx
    .selectFrom('avow.publisher_recipient')
    .select('recipient_hash')
    .where('recipient_hash', '=', recipientHash)
    .where('current', '=', true)
    .executeTakeFirst()
  if (row === undefined) throw new DeskError('recipient_changed', 'the publisher has a new key')
}
