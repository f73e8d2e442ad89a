import { sql } from 'kysely'
import type { DeskRequest } from './desk-context.ts'
import { DeskError } from './error.ts'

/**
 * Takes an envelope away that nobody sent. Only its secret proves that, and only whoever opened it has it: without it one
 * volunteer could drop what a person sent. No audit row names the case, because nothing else may say what it was.
 */
export async function dropDummy(
  { tx }: Pick<DeskRequest, 'tx'>,
  caseId: Uint8Array,
  secret: Uint8Array,
): Promise<void> {
  const { rows } = await sql<{ dropped: boolean }>`
    SELECT avow.drop_dummy(${caseId}, ${secret}) AS dropped`.execute(tx)
  if (rows[0]?.dropped !== true) throw new DeskError('case_gone', 'no dummy, or gone already')
}
