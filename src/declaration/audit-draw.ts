import { concatBytes, utf8 } from '../encoding/bytes.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { DeclarationError } from './error.ts'
import type { IndexRange } from './event-lines.ts'

/** How many approvals an audit draws at least, where a batch has as many. */
export const AUDIT_DRAWS = 20
/** As many as an event can name. */
export const AUDIT_DRAWS_MAX = 256

const NUMBER_SPACE = 2n ** 64n
const NUMBERS_IN_HASH = 4

export type Draw = {
  /** SHA-256 root of the declaration log at `rootSize`, in hex: later than the batch, so nobody chose it. */
  readonly root: string
  readonly rootSize: number
  /** Position of the batch event in the event log. */
  readonly batch: number
  readonly range: IndexRange
  readonly count: number
}

/** Distinct indices of the range in ascending order; all of them where it has no more than `count`. */
export function drawIndices(
  { root, rootSize, batch, range, count }: Draw,
  sha256: Sha256,
): readonly number[] {
  const { first, end } = range
  const size = end - first
  if (rootSize <= end || size <= 0 || count < 1 || count > AUDIT_DRAWS_MAX) {
    throw new DeclarationError('bad_draw', 'nothing can be drawn by this')
  }
  if (size <= count) return Array.from({ length: size }, (_, i) => first + i)
  const seed = sha256(
    utf8(
      `avow/audit-draw/v1\nroot-size ${rootSize}\nroot ${root}\n` +
        `batch ${batch}\nrange ${first} ${end}\ncount ${count}\n`,
    ),
  )
  const drawn = new Set<number>()
  for (const number of numbers(seed, sha256)) {
    // Numbers of the last, shorter row of multiples would favour the low indices.
    if (number >= NUMBER_SPACE - (NUMBER_SPACE % BigInt(size))) continue
    drawn.add(first + Number(number % BigInt(size)))
    if (drawn.size === count) break
  }
  return [...drawn].sort((a, b) => a - b)
}

/** SHA-256(seed ‖ uint32 0), SHA-256(seed ‖ uint32 1), … as uint64 big-endian. */
function* numbers(seed: Uint8Array, sha256: Sha256): Generator<bigint> {
  const preimage = concatBytes(seed, new Uint8Array(4))
  const counter = new DataView(preimage.buffer, seed.length)
  for (let i = 0; ; i++) {
    counter.setUint32(0, i)
    const hash = sha256(preimage)
    const view = new DataView(hash.buffer, hash.byteOffset)
    for (let word = 0; word < NUMBERS_IN_HASH; word++) yield view.getBigUint64(8 * word)
  }
}
