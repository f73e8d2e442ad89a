import { TlogError } from './error.ts'

/**
 * Sizes and indices are numbers, not bigints: 2^53 leaves are 18 million times the register's present size.
 * All arithmetic on them is division and remainder, because bit operators cut numbers to 32 bits.
 */
export function checkTreeSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new TlogError('bad_size', 'not a tree size')
  return size
}

/** Throws TlogError `bad_size` unless 0 <= index < size. */
export function checkIndex(index: number, size: number): number {
  checkTreeSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new TlogError('bad_size', `index ${index} is not in a tree of ${size}`)
  }
  return index
}

/** Decimal without leading zeros, so that one size has one spelling. */
export function parseTreeSize(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) {
    throw new TlogError('bad_size', 'not a decimal number without leading zeros')
  }
  return checkTreeSize(Number(text))
}

/** The largest power of two smaller than `size`, where RFC 6962 splits a tree of 2 and more. */
export function splitPoint(size: number): number {
  let point = 1
  while (point * 2 < size) point *= 2
  return point
}
