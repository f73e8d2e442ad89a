import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { CentresError } from './error.ts'

/** What the link carries after `#`, which no browser sends to a server. */
export interface InvitationLink {
  readonly seed: Uint8Array
  /** SHA-256 of the root's public key: the invited browser trusts this root and no other. */
  readonly rootHash: Uint8Array
}

const FRAGMENT = /^#?([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/

/** For the terminal or the key holder's screen only; the service keeps no copy. */
export function invitationUrl(publicUrl: string, link: InvitationLink): string {
  return `${publicUrl}/desk/invitation#${toBase64Url(link.seed)}.${toBase64Url(link.rootHash)}`
}

/** Throws CentresError `bad_invitation`. The fragment was perhaps cut by a messenger or typed by hand. */
export function parseInvitationLink(fragment: string): InvitationLink {
  const [, seed, rootHash] = FRAGMENT.exec(fragment.trim()) ?? []
  if (seed === undefined || rootHash === undefined) throw badLink()
  return { seed: fromBase64Url(seed), rootHash: fromBase64Url(rootHash) }
}

/** Under this the server keeps the sealed invitation; it tells nothing of the seed. */
export function invitationLookup(
  seed: Uint8Array,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  return sha256(concatBytes(utf8('avow/invitation/v1\0'), seed))
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64Url(text: string): Uint8Array {
  try {
    return fromBase64(`${text.replaceAll('-', '+').replaceAll('_', '/')}=`)
  } catch {
    throw badLink()
  }
}

function badLink(): CentresError {
  return new CentresError('bad_invitation', 'not an invitation link')
}
