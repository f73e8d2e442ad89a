import { SealingError } from './error.ts'

/** 64 hybrid stanzas of about 1.6 KiB and the lines around them. */
const HEADER_BYTES_MAX = 128 * 1024

/**
 * Bounds what an age file can make its reader do before any key is tried: each hybrid stanza costs a
 * decapsulation and an scrypt stanza as much memory as it asks for. The header is attacker-controlled.
 */
export function requireAgeHeader(
  file: Uint8Array,
  stanzasMax: number,
  workFactorMax: number,
): void {
  const head = latin1(file.subarray(0, HEADER_BYTES_MAX))
  const end = head.indexOf('\n--- ')
  if (!head.startsWith('age-encryption.org/v1\n') || end < 0) {
    throw new SealingError('cannot_open', 'no age header')
  }
  const stanzas = head.slice(0, end).match(/^-> .*$/gm) ?? []
  if (stanzas.length === 0 || stanzas.length > stanzasMax) {
    throw new SealingError('cannot_open', `from 1 to ${stanzasMax} recipients in an age file`)
  }
  for (const stanza of stanzas) {
    const workFactor = /^-> scrypt \S+ (\d+)$/.exec(stanza)?.[1]
    if (workFactor !== undefined && Number(workFactor) > workFactorMax) {
      throw new SealingError('cannot_open', `scrypt work factor over ${workFactorMax}`)
    }
  }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  }
  return text
}
