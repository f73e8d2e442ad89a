import { SealingError } from './error.ts'

const KIB = 1024
const SMALL_CLASSES = [2 * KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB]
const STEP = KIB * KIB
/** A long fax with pictures fits; more than this is refused before it is held twice in memory. */
export const PADDED_BYTES_MAX = 64 * STEP
const PREFIX_BYTES = 4

/** The padded size of `length` bytes of content, its 4-byte prefix included. */
export function sizeClass(length: number): number {
  const needed = length + PREFIX_BYTES
  if (needed > PADDED_BYTES_MAX) throw new SealingError('too_large', 'content over 64 MiB')
  const small = SMALL_CLASSES.find((size) => needed <= size)
  return small ?? Math.ceil(needed / STEP) * STEP
}

/**
 * [0..4)          uint32 big-endian: length of the content
 * [4..4+length)   content
 * [..size class)  zeros
 */
export function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(sizeClass(bytes.length))
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, PREFIX_BYTES)
  return padded
}

/** Accepts exactly what pad makes: the smallest class that fits, and zeros to its end. */
export function unpad(padded: Uint8Array): Uint8Array {
  if (padded.length < PREFIX_BYTES) throw new SealingError('bad_padding', 'no length prefix')
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  if (length + PREFIX_BYTES > padded.length || sizeClass(length) !== padded.length) {
    throw new SealingError('bad_padding', 'length does not belong to this size class')
  }
  for (let i = PREFIX_BYTES + length; i < padded.length; i++) {
    if (padded[i] !== 0) throw new SealingError('bad_padding', 'padding is not zero')
  }
  return padded.slice(PREFIX_BYTES, PREFIX_BYTES + length)
}

/** Throws `not_padded` unless `length` is a size class, so that no ciphertext tells the length of a text. */
export function requireSizeClass(length: number): void {
  const stepped = length % STEP === 0 && length > 0 && length <= PADDED_BYTES_MAX
  if (!stepped && !SMALL_CLASSES.includes(length)) {
    throw new SealingError('not_padded', 'pad before sealing')
  }
}
