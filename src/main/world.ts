import { hash, randomFillSync } from 'node:crypto'

/** The clock, the randomness and the hash that rooms are given. */
export const clock = (): Date => new Date()

/** Each call of the platform costs as much as kilobytes of randomness, and leaves ask for 32 bytes at a time. */
const POOL_BYTES = 16 * 1024
const POOLED_BYTES_MAX = 1024
const pool = new Uint8Array(POOL_BYTES)
let poolUsed = POOL_BYTES

export function random(length: number): Uint8Array {
  if (length > POOLED_BYTES_MAX) return randomFillSync(new Uint8Array(length))
  if (poolUsed + length > POOL_BYTES) {
    randomFillSync(pool)
    poolUsed = 0
  }
  const taken = pool.slice(poolUsed, poolUsed + length)
  // Among them are keys: what was given out stays nowhere else.
  pool.fill(0, poolUsed, poolUsed + length)
  poolUsed += length
  return taken
}

/** By way of a string: that takes a third of the time the platform needs to make a buffer. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digits = hash('sha256', bytes, 'binary')
  const digest = new Uint8Array(32)
  for (let i = 0; i < 32; i++) digest[i] = digits.charCodeAt(i)
  return digest
}
