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

/** All files of one proposal together stay well below its 8 MiB. */
const PROPOSAL_SHARE_BYTES = 3 * 1024 * 1024
const KEPT_CLASSES_BYTES = [256 * 1024, 64 * 1024, 16 * 1024, 4 * 1024]

/**
 * An age file to the receipt's own recipient, so that only the receipt opens it later. In a large group a long text that is
 * not shown goes without its value: whoever wrote it holds it, and the salt alone proves it was this.
 */
export function sealKeptOpenings(
  kept: KeptOpenings,
  recipient: string,
  persons: number,
): Promise<Uint8Array> {
  const whole = encodeKeptOpenings(kept, opening)
  const fits = whole.length <= keptBytesMax(persons)
  return sealTo([recipient], pad(fits ? whole : encodeKeptOpenings(kept, saltOnly)))
}

/** What one of so many persons may take, before the four bytes of the padding's length. */
export function keptBytesMax(persons: number): number {
  const fair = PROPOSAL_SHARE_BYTES / Math.max(persons, 1)
  return (KEPT_CLASSES_BYTES.find((size) => size <= fair) ?? 4 * 1024) - 4
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
