import { DIGEST_BYTES, type DigestIn } from './digest-text.ts'

/** 128 MiB of table at most; in a larger register one digest in two, four, … is looked at. */
const MAX_KEPT = 2 ** 23

/** Digests seen so far, by 64 bits of each: what it calls seen twice differs by chance once in 10^12 registers. */
export type DigestSet = {
  /** Whether the digest was there before. Positions ascend; one that was added already is not looked at again. */
  readonly add: (position: number, digest: DigestIn) => 'new' | 'again'
  /** One digest in so many is kept; equal digests are kept both or neither. */
  readonly oneIn: number
}

/**
 * For up to `expected` digests. Which of them are kept in a register too large for the table, `lot` decides: taken from
 * a root that is signed later than the digests, nobody can have chosen where it does not look.
 */
export function createDigestSet(
  expected: number,
  lot: Uint8Array,
  maxKept: number = MAX_KEPT,
): DigestSet {
  let oneIn = 1
  while (expected > oneIn * maxKept) oneIn *= 2
  let slots = 1024
  while (slots < (2 * expected) / oneIn) slots *= 2
  const table = new Uint32Array(2 * slots)
  const drawn = wordAt(lot, 0) & (oneIn - 1)
  let next = 0
  return {
    oneIn,
    add: (position, { bytes, at }) => {
      if (position < next) return 'new'
      next = position + 1
      if ((wordAt(bytes, at + DIGEST_BYTES - 4) & (oneIn - 1)) !== drawn) return 'new'
      // Zero marks an empty slot.
      const high = wordAt(bytes, at) || 1
      const low = wordAt(bytes, at + 4)
      let slot = wordAt(bytes, at + 8) & (slots - 1)
      while (table[2 * slot] !== 0) {
        if (table[2 * slot] === high && table[2 * slot + 1] === low) return 'again'
        slot = (slot + 1) & (slots - 1)
      }
      table[2 * slot] = high
      table[2 * slot + 1] = low
      return 'new'
    },
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  )
}
