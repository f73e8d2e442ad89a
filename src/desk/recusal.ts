import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'

/** Throws `recused` where this volunteer has said that the case is not for them. */
export async function requireNotRecused(
  { tx, volunteer }: DeskRequest,
  caseId: Uint8Array,
): Promise<void> {
  if (await isRecused(tx, caseId, volunteer.id)) throw new DeskError('recused', 'by their own word')
}

export async function isRecused(
  tx: DeskRequest['tx'],
  caseId: Uint8Array,
  volunteer: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('avow.recusal')
    .select('volunteer')
    .where('case_id', '=', caseId)
    .where('volunteer', '=', volunteer)
    .executeTakeFirst()
  return row !== undefined
}
