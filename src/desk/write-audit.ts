import type { DeskRequest } from './desk-context.ts'

export type AuditedAct =
  | 'take'
  | 'open'
  | 'release'
  | 'propose'
  | 'propose-rejection'
  | 'open-proposal'
  | 'withdraw-proposal'
  | 'hand-over'
  | 'escalate'
  | 'recuse'
  | 'note'
  | 'approve'
  | 'return'
  | 'reject'
  | 'reseal'
  | 'invite'
  | 'propose-directory'
  | 'discard-directory'
  | 'sign-directory'
  | 'open-approvals'
  | 'publish-audit'
  | 'recovery-file'

/** Who did what to which case on which day; never what was in it, never at what time. */
export async function writeAudit(
  { tx, volunteer, day, random }: DeskRequest,
  act: AuditedAct,
  caseId: Uint8Array | null,
): Promise<void> {
  await tx
    .insertInto('avow.audit')
    .values({
      id: random(16),
      day,
      centre: volunteer.centre,
      volunteer: volunteer.id,
      act,
      case_id: caseId,
    })
    .execute()
}
