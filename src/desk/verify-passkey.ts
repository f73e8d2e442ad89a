import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Passkey } from '../centres/passkey-store.ts'
import type { PasskeyChallenges } from './passkey-challenges.ts'
import type { RelyingParty } from './relying-party.ts'

/** EdDSA, ES256, RS256: what authenticators offer. The browser asks for the same. */
const ALGORITHMS = [-8, -7, -257]

interface CredentialId {
  readonly text: string
  readonly bytes: Uint8Array
}

export interface Assertion {
  readonly id: CredentialId
  readonly authenticatorData: string
  readonly clientDataJSON: string
  readonly signature: string
}

export interface Attestation {
  readonly id: CredentialId
  readonly attestationObject: string
  readonly clientDataJSON: string
}

/**
 * The authenticator's next counter when the signature is this passkey's, over a challenge of ours that nobody used, made
 * on our page with the person verified; undefined otherwise. Everything in the assertion is attacker-controlled.
 */
export async function verifyAssertion(
  { id, ...response }: Assertion,
  passkey: Passkey,
  party: RelyingParty,
  challenges: PasskeyChallenges,
): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: id.text,
        rawId: id.text,
        type: 'public-key',
        clientExtensionResults: {},
        response,
      },
      expectedChallenge: (challenge) => challenges.take(challenge, 'login') === 'ours',
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: id.text,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
      },
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    // The library's errors quote what was sent, so none is kept.
    return undefined
  }
}

/** Which device made it is nobody's business, so no attestation is asked for and none is judged. */
export async function verifyNewPasskey(
  { id, attestationObject, clientDataJSON }: Attestation,
  volunteer: string,
  party: RelyingParty,
  challenges: PasskeyChallenges,
): Promise<Pick<Passkey, 'credential' | 'publicKey' | 'counter'> | undefined> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: id.text,
        rawId: id.text,
        type: 'public-key',
        clientExtensionResults: {},
        response: { attestationObject, clientDataJSON },
      },
      expectedChallenge: (challenge) => challenges.take(challenge, volunteer) === 'ours',
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified || registrationInfo.fmt !== 'none') return undefined
    const { id: certain, publicKey, counter } = registrationInfo.credential
    if (certain !== id.text) return undefined
    return { credential: id.bytes, publicKey: new Uint8Array(publicKey), counter }
  } catch {
    return undefined
  }
}
