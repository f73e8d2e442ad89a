import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { SealingError } from '../../sealing/error.ts'
import { openPasskeyName, sealPasskeyName, wrapFilePassphrase } from '../../sealing/passkey-wrap.ts'
import type { Authenticator } from './authenticator.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** One of the volunteer's own passkeys; without a name when the server's copy of it does not open. */
export interface OwnPasskey {
  readonly credential: string
  readonly name: string | undefined
}

export async function listPasskeys(desk: UnlockedDesk): Promise<readonly OwnPasskey[]> {
  const { passkeys } = await desk.connection.get<{
    readonly passkeys: readonly { readonly credential: string; readonly sealedName: string }[]
  }>('passkeys')
  return passkeys.map(({ credential, sealedName }) => ({
    credential,
    name: nameOf(desk, credential, sealedName),
  }))
}

/**
 * Makes a credential and hands the server what it may have of it. Everything is sent at once: a crash before leaves an
 * unused passkey on the device and nothing here.
 */
export async function addPasskey(
  desk: UnlockedDesk,
  authenticator: Authenticator,
  name: string,
): Promise<void> {
  const { connection, filePassphrase, random } = desk
  const volunteer = desk.volunteer.id
  const asked = await connection.post<{
    readonly rpId: string
    readonly challenge: string
    readonly userId: string
    readonly known: readonly string[]
  }>('passkeys/challenge', {})
  const { prf: early, ...made } = await authenticator.create({ ...asked, userName: volunteer })
  const prf = early ?? (await askForSecret(desk, authenticator, asked.rpId, made.id))
  const place = { volunteer, credential: made.id }
  await connection.post('passkeys/add', {
    ...made,
    wrapped: toBase64(wrapFilePassphrase(prf, place, filePassphrase, random)),
    sealedName: toBase64(sealPasskeyName(filePassphrase, place, name, random)),
  })
}

export function removePasskey({ connection }: UnlockedDesk, credential: string): Promise<void> {
  return connection.post('passkeys/remove', { credential })
}

/** Many authenticators answer the PRF only when a passkey is used. Nobody else sees this signature, so the challenge is ours. */
async function askForSecret(
  { random }: UnlockedDesk,
  authenticator: Authenticator,
  rpId: string,
  credential: string,
): Promise<Uint8Array> {
  const challenge = toBase64(random(33)).replaceAll('+', '-').replaceAll('/', '_')
  const { prf } = await authenticator.get({ rpId, challenge, credential })
  if (prf === undefined) throw new DeskClientError('no_prf', 'the authenticator has no PRF')
  return prf
}

function nameOf(desk: UnlockedDesk, credential: string, sealedName: string): string | undefined {
  const place = { volunteer: desk.volunteer.id, credential }
  try {
    return openPasskeyName(desk.filePassphrase, place, fromBase64(sealedName))
  } catch (error) {
    if (error instanceof SealingError) return undefined
    throw error
  }
}
