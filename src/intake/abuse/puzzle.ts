import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'

/**
 * A puzzle like Hashcash, in PARTS independent parts so that its length varies little: for each part p a number n with
 * SHA-256(SHA-256("avow/puzzle/v1\n" subject) ‖ p ‖ n), p one byte, n uint32 big-endian, that begins with `bits` zero bits.
 * The solution is the base64 of the PARTS numbers. It needs no memory to speak of, and PARTS hashes check it.
 */
const PARTS = 16
const PREFIX = utf8('avow/puzzle/v1\n')
export const WORK_BITS_MAX = 24
const SOLUTION_CHARS = 4 * Math.ceil((PARTS * 4) / 3)

export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Solves in slices of `sliceHashes`, so that whoever waits for it can draw a page between them. */
export function* solvePuzzle(
  subject: string,
  bits: number,
  sha256: Sha256,
  sliceHashes = 4096,
): Generator<number, string> {
  const attempt = startAttempt(subject, sha256)
  const solution = new Uint8Array(PARTS * 4)
  let hashes = 0
  for (let part = 0; part < PARTS; part++) {
    for (let number = 0; !attempt.solves(part, number, bits); number++) {
      hashes += 1
      if (hashes % sliceHashes === 0) yield part / PARTS
    }
    solution.set(attempt.number, part * 4)
  }
  return toBase64(solution)
}

/** `solution` is a stranger's. At most PARTS + 1 hashes, whatever it holds. */
export function isSolved(subject: string, bits: number, solution: string, sha256: Sha256): boolean {
  if (solution.length > SOLUTION_CHARS) return false
  const numbers = decode(solution)
  if (numbers === undefined || numbers.length !== PARTS * 4) return false
  const attempt = startAttempt(subject, sha256)
  const view = new DataView(numbers.buffer, numbers.byteOffset)
  for (let part = 0; part < PARTS; part++) {
    if (!attempt.solves(part, view.getUint32(part * 4), bits)) return false
  }
  return true
}

function startAttempt(subject: string, sha256: Sha256) {
  const subjectBytes = utf8(subject)
  const whole = new Uint8Array(PREFIX.length + subjectBytes.length)
  whole.set(PREFIX)
  whole.set(subjectBytes, PREFIX.length)
  const block = new Uint8Array(32 + 1 + 4)
  block.set(sha256(whole))
  const view = new DataView(block.buffer)
  return {
    number: block.subarray(33),
    solves(part: number, number: number, bits: number): boolean {
      block[32] = part
      view.setUint32(33, number)
      return leadingZeroBits(sha256(block)) >= bits
    },
  }
}

function leadingZeroBits(hash: Uint8Array): number {
  const head = new DataView(hash.buffer, hash.byteOffset).getUint32(0)
  return Math.clz32(head)
}

function decode(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text)
  } catch {
    return undefined
  }
}
