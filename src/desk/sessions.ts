import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import { DeskError } from './error.ts'

const IDLE_MS = 30 * 60_000
const WHOLE_MS = 12 * 60 * 60_000
/** Far more than volunteers work at one desk at once; beyond it the oldest session ends. */
const SESSIONS_MAX = 10_000

export interface SessionOwner {
  readonly volunteer: string
  /** Number of the directory entry this volunteer stood by when they signed in. */
  readonly since: number
}

interface Session extends SessionOwner {
  readonly startedMs: number
  seenMs: number
}

/** Who is signed in, in this process's memory only: a restart ends every session, a stolen disk holds none. */
export class Sessions {
  readonly #byTokenHash = new Map<string, Session>()
  readonly #clock: () => Date
  readonly #random: (length: number) => Uint8Array
  readonly #sha256: (bytes: Uint8Array) => Uint8Array

  constructor(dependencies: {
    readonly clock: () => Date
    readonly random: (length: number) => Uint8Array
    readonly sha256: (bytes: Uint8Array) => Uint8Array
  }) {
    this.#clock = dependencies.clock
    this.#random = dependencies.random
    this.#sha256 = dependencies.sha256
  }

  /** Returns the token for the cookie; only its hash stays here. */
  open(owner: SessionOwner): string {
    const nowMs = this.#clock().getTime()
    this.#dropExpired(nowMs)
    const token = toBase64(this.#random(32)).replaceAll('+', '-').replaceAll('/', '_').slice(0, 43)
    this.#byTokenHash.set(this.#hash(token), { ...owner, startedMs: nowMs, seenMs: nowMs })
    return token
  }

  /** Whose session it is. Throws DeskError `locked` for no token, an unknown or an expired one. */
  ownerOf(token: string | undefined): SessionOwner {
    const nowMs = this.#clock().getTime()
    const session = token === undefined ? undefined : this.#byTokenHash.get(this.#hash(token))
    if (session === undefined || isExpired(session, nowMs)) {
      if (token !== undefined) this.close(token)
      throw new DeskError('locked', 'no session')
    }
    session.seenMs = nowMs
    return session
  }

  close(token: string): void {
    this.#byTokenHash.delete(this.#hash(token))
  }

  #dropExpired(nowMs: number): void {
    for (const [hash, session] of this.#byTokenHash) {
      if (isExpired(session, nowMs)) this.#byTokenHash.delete(hash)
    }
    const oldest = this.#byTokenHash.keys().next()
    if (this.#byTokenHash.size >= SESSIONS_MAX && !oldest.done) {
      this.#byTokenHash.delete(oldest.value)
    }
  }

  // The token comes from a cookie, so from anyone.
  #hash(token: string): string {
    return toHex(this.#sha256(new TextEncoder().encode(token.slice(0, 64))))
  }
}

function isExpired(session: Session, nowMs: number): boolean {
  return nowMs - session.seenMs > IDLE_MS || nowMs - session.startedMs > WHOLE_MS
}
