import { sql } from 'kysely'
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

/**
 * Who did what to which case on which day; never what was in it, never at what time. The last thing a request writes:
 * whoever adds to the chain of a centre makes the others wait until the commit.
 */
export async function writeAudit(
  { tx, volunteer, day }: Pick<DeskRequest, 'tx' | 'volunteer' | 'day'>,
  act: AuditedAct,
  caseId: Uint8Array | null,
): Promise<void> {
  await sql`SELECT avow.append_audit(${day}::date, ${volunteer.id}, ${act}, ${caseId}::bytea)`.execute(
    tx,
  )
}
