/** What a browser's authenticator does for us. Throws DeskClientError `passkey_cancelled` when its owner does not want to. */
export interface Authenticator {
  readonly create: (wanted: NewCredential) => Promise<CreatedCredential>
  /** `credential` asks for that one; without it the person chooses among those of this desk. */
  readonly get: (asked: {
    readonly rpId: string
    readonly challenge: string
    readonly credential?: string
  }) => Promise<Assertion>
}

export interface NewCredential {
  readonly rpId: string
  readonly challenge: string
  readonly userId: string
  /** Shown by the authenticator when it asks which passkey to use. */
  readonly userName: string
  readonly known: readonly string[]
}

/** All strings are base64url. `prf` is a secret and never leaves the browser; undefined where there is no PRF. */
export interface CreatedCredential {
  readonly id: string
  readonly attestationObject: string
  readonly clientDataJSON: string
  readonly prf: Uint8Array | undefined
}

export interface Assertion {
  readonly id: string
  readonly authenticatorData: string
  readonly clientDataJSON: string
  readonly signature: string
  readonly prf: Uint8Array | undefined
}
