import type { Opening } from '../../declaration/commitment.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../../encoding/canonical-json.ts'
import { sealTo } from '../../sealing/age.ts'
import { pad } from '../../sealing/padding.ts'

/** Openings of one declaration that never reach the publisher: the author key, and what is not shown. */
export interface KeptOpenings {
  readonly author: Opening
  readonly body: Opening | null
  readonly name: Opening | null
}

/**
 * What fits one declaration's place in a proposal, in bytes before padding. A longer text that is not shown
 * goes without its value: whoever wrote it holds it, and the salt alone proves it was this.
 */
const KEPT_BYTES_MAX = 4 * 1024 - 4

/** An age file to the receipt's own recipient, so that only the receipt opens it later. */
export function sealKeptOpenings(kept: KeptOpenings, recipient: string): Promise<Uint8Array> {
  const whole = encodeKeptOpenings(kept, opening)
  const fitting = whole.length <= KEPT_BYTES_MAX ? whole : encodeKeptOpenings(kept, saltOnly)
  return sealTo([recipient], pad(fitting))
}

function encodeKeptOpenings(
  { author, body, name }: KeptOpenings,
  encodeBodyOpening: (body: Opening) => CanonicalValue,
): Uint8Array {
  return utf8(
    canonicalJson({
      format: 'avow/kept-openings/v1',
      author: opening(author),
      ...(name === null ? {} : { name: opening(name) }),
      ...(body === null ? {} : { body: encodeBodyOpening(body) }),
    }),
  )
}

function opening({ salt, value }: Opening): CanonicalValue {
  return { salt: toBase64(salt), value: toBase64(value) }
}

function saltOnly({ salt }: Opening): CanonicalValue {
  return { salt: toBase64(salt) }
}
