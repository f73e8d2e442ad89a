import { toHex } from '../../encoding/hex.ts'

/** The first half of the SHA-256 of the register's root key, in groups of four digits, for people to compare. */
export function rootFingerprint(rootHash: Uint8Array): string {
  return (toHex(rootHash).slice(0, 32).match(/.{4}/g) ?? []).join(' ')
}
