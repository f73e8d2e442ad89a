import { encodeKeptOpenings, type KeptOpenings } from '../../declaration/kept-openings.ts'
import { sealTo } from '../../sealing/age.ts'
import { pad } from '../../sealing/padding.ts'

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
  const whole = encodeKeptOpenings(kept)
  const fits = whole.length <= keptBytesMax(persons)
  return sealTo([recipient], pad(fits ? whole : encodeKeptOpenings(withoutText(kept))))
}

/** What one of so many persons may take, before the four bytes of the padding's length. */
export function keptBytesMax(persons: number): number {
  const fair = PROPOSAL_SHARE_BYTES / Math.max(persons, 1)
  return (KEPT_CLASSES_BYTES.find((size) => size <= fair) ?? 4 * 1024) - 4
}

function withoutText(kept: KeptOpenings): KeptOpenings {
  return { ...kept, body: kept.body === null ? null : { salt: kept.body.salt, value: null } }
}
