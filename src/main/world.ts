import { hash, randomBytes } from 'node:crypto'

/** The clock, the randomness and the hash that rooms are given. */
export const clock = (): Date => new Date()
export const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length))
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
