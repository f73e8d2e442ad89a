import { toHex } from '../../encoding/hex.ts'
import { findDummySecret } from '../../sealing/dummy.ts'
import { SealingError } from '../../sealing/error.ts'
import type { CaseContents } from '../case-contents.ts'
import { DeskClientError } from './error.ts'
import { type OpenCase, openCase, openContent } from './open-case.ts'
import { ownCentreIdentities, type UnlockedDesk } from './unlocked-desk.ts'

/**
 * Takes a case and opens it. An envelope that nobody sent is dropped on the way, and `empty_envelope` is thrown: the server
 * cannot know which it is, so each of them ends in some volunteer's browser.
 */
export async function takeCase(desk: UnlockedDesk, id: string): Promise<OpenCase> {
  const contents = await desk.connection.post<CaseContents>(`case/${id}/take`, {})
  const secret = await findSecret(desk, contents)
  if (secret === undefined) return openCase(desk, contents)
  await desk.connection.post(`case/${id}/drop-dummy`, { secret: toHex(secret) })
  throw new DeskClientError('empty_envelope', 'nobody sent it')
}

async function findSecret(
  desk: UnlockedDesk,
  { envelopes }: CaseContents,
): Promise<Uint8Array | undefined> {
  const [envelope] = envelopes
  const identities = ownCentreIdentities(desk)
  if (envelope === undefined || envelopes.length > 1 || identities.length === 0) return undefined
  try {
    const content = await openContent(envelope, desk.volunteer.centre, identities)
    return content && findDummySecret(content)
  } catch (error) {
    if (error instanceof SealingError) return undefined
    throw error
  }
}
