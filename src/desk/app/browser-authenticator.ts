import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { PASSKEY_PRF_INPUT } from '../../sealing/passkey-wrap.ts'
import type { Authenticator } from '../client/authenticator.ts'
import { DeskClientError } from '../client/error.ts'

/**
 * The browser's own. What it answers is taken apart field by field: the extension results carry the PRF's secret and
 * must never be sent on as they are.
 */
export const browserAuthenticator: Authenticator = {
  create: async ({ rpId, challenge, userId, userName, known }) => {
    const made = await asked(() =>
      startRegistration({
        optionsJSON: {
          rp: { id: rpId, name: 'Avow' },
          user: { id: userId, name: userName, displayName: userName },
          challenge,
          pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
          excludeCredentials: known.map((id) => ({ type: 'public-key', id })),
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          attestation: 'none',
          extensions: prfExtension(),
        },
      }),
    )
    const { attestationObject, clientDataJSON } = made.response
    const prf = secretOf(made.clientExtensionResults)
    if (prf === undefined && !isPrfEnabled(made.clientExtensionResults)) {
      throw new DeskClientError('no_prf', 'the authenticator has no PRF')
    }
    return { id: made.id, attestationObject, clientDataJSON, prf }
  },
  get: async ({ rpId, challenge, credential }) => {
    const answer = await asked(() =>
      startAuthentication({
        optionsJSON: {
          rpId,
          challenge,
          userVerification: 'required',
          extensions: prfExtension(),
          ...(credential === undefined
            ? {}
            : { allowCredentials: [{ type: 'public-key', id: credential }] }),
        },
      }),
    )
    const { authenticatorData, clientDataJSON, signature } = answer.response
    const prf = secretOf(answer.clientExtensionResults)
    return { id: answer.id, authenticatorData, clientDataJSON, signature, prf }
  },
}

/** Whether this browser, at this address, can keep a desk's keys behind a passkey. */
export async function canUsePasskeys(): Promise<boolean> {
  // An IP address is no name that a passkey can be bound to.
  const isName = /^[^[]*[a-z]/i.test(location.hostname)
  if (!isName || !isSecureContext || typeof PublicKeyCredential === 'undefined') return false
  if (!('getClientCapabilities' in PublicKeyCredential)) return false
  const capabilities = await PublicKeyCredential.getClientCapabilities().catch(() => ({}))
  return 'extension:prf' in capabilities && capabilities['extension:prf'] === true
}

// The types of the library are older than the extension.
function prfExtension(): object {
  return { prf: { eval: { first: PASSKEY_PRF_INPUT } } }
}

function secretOf(results: object): Uint8Array | undefined {
  const first = at(at(at(results, 'prf'), 'results'), 'first')
  return first instanceof ArrayBuffer ? new Uint8Array(first) : undefined
}

function isPrfEnabled(results: object): boolean {
  return at(at(results, 'prf'), 'enabled') === true
}

function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new DeskClientError('passkey_cancelled', 'the authenticator gave no answer', cause)
  }
}
