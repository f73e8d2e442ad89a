import { fromBase64 } from '../../encoding/base64.ts'
import { SealingError } from '../../sealing/error.ts'
import { unwrapFilePassphrase } from '../../sealing/passkey-wrap.ts'
import type { Authenticator } from './authenticator.ts'
import type { Connection } from './connection.ts'
import { DeskClientError } from './error.ts'
import { type LoginAnswer, openDesk, type UnlockOptions } from './unlock.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** Signs in by a passkey, whose PRF gives back the file passphrase. Throws DeskClientError. */
export async function unlockWithPasskey(
  connection: Connection,
  authenticator: Authenticator,
  options: Pick<UnlockOptions, 'random' | 'today'>,
): Promise<UnlockedDesk> {
  const asked = await connection.post<{ readonly rpId: string; readonly challenge: string }>(
    'passkey/challenge',
    {},
  )
  const { prf, ...assertion } = await authenticator.get(asked)
  if (prf === undefined) throw new DeskClientError('no_prf', 'the authenticator has no PRF')
  const answer = await connection.post<
    LoginAnswer & { readonly volunteer: string; readonly wrapped: string }
  >('passkey/login', assertion)
  const { volunteer, wrapped } = answer
  const place = { volunteer, credential: assertion.id }
  const filePassphrase = unwrap(prf, place, wrapped)
  return openDesk(connection, answer, { ...options, volunteer, filePassphrase })
}

function unwrap(
  prf: Uint8Array,
  place: { readonly volunteer: string; readonly credential: string },
  wrapped: string,
): string {
  try {
    return unwrapFilePassphrase(prf, place, fromBase64(wrapped))
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('cannot_open', 'the wrapped passphrase does not open', error)
  }
}
