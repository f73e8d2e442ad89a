/** Where passkeys of this desk are made and used: WebAuthn binds them to `id`, a host name, and to pages of `origin`. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/

/**
 * The relying party for a page of `pageOrigin`, or undefined where passkeys cannot be: browsers allow them over TLS on
 * a host name, and on `http://localhost`. An IP address is no host name, so a desk on 127.0.0.1 has them under localhost.
 */
export function relyingPartyOf(publicUrl: string, pageOrigin: string): RelyingParty | undefined {
  if (!URL.canParse(pageOrigin)) return undefined
  const page = new URL(pageOrigin)
  const configured = new URL(publicUrl)
  if (LOOPBACK.test(configured.hostname)) {
    if (page.hostname !== 'localhost') return undefined
    return { id: 'localhost', origin: page.origin }
  }
  if (configured.protocol !== 'https:' || ADDRESS.test(configured.hostname)) return undefined
  if (page.origin !== configured.origin) return undefined
  return { id: configured.hostname, origin: configured.origin }
}
