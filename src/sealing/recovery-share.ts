import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { concatBytes } from '../encoding/bytes.ts'
import { SealingError } from './error.ts'

/**
 * One share of a recovery secret, 32 bytes, written as the 24 words of BIP-39 with its checksum:
 * [0..2)   split: which splitting it belongs to
 * [2]      how many are needed (high four bits) and the share's own number (low four)
 * [3..31)  the share of each of the secret's 28 bytes
 * [31]     its coordinate
 */
export type RecoveryShare = {
  readonly split: string
  readonly needed: number
  readonly number: number
  readonly points: Uint8Array
  readonly coordinate: number
}

export const RECOVERY_SECRET_BYTES = 28
export const RECOVERY_SHARES_MAX = 15
export const RECOVERY_NEEDED_MIN = 2
export const RECOVERY_SHARE_WORDS = 24

export function formatShare(share: RecoveryShare, wordlist: readonly string[]): string {
  const head = Uint8Array.of(
    Number.parseInt(share.split.slice(0, 2), 16),
    Number.parseInt(share.split.slice(2), 16),
    (share.needed << 4) | share.number,
  )
  const bytes = concatBytes(head, share.points, Uint8Array.of(share.coordinate))
  readShareBytes(bytes)
  return entropyToMnemonic(bytes, [...wordlist])
}

/** `words` are words of the list, separated by spaces. Throws SealingError `bad_share`. */
export function parseShare(words: string, wordlist: readonly string[]): RecoveryShare {
  let bytes: Uint8Array
  try {
    bytes = mnemonicToEntropy(words, [...wordlist])
  } catch {
    // No cause: its message could quote the words.
    throw new SealingError('bad_share', 'words that are not of the list or not of one share')
  }
  return readShareBytes(bytes)
}

function readShareBytes(bytes: Uint8Array): RecoveryShare {
  const [first = 0, second = 0, counts = 0] = bytes
  const needed = counts >> 4
  const number = counts & 15
  const coordinate = bytes[31] ?? 0
  if (bytes.length !== 32 || needed < RECOVERY_NEEDED_MIN || number < 1 || coordinate === 0) {
    throw new SealingError('bad_share', 'not a share')
  }
  const split = [first, second].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { split, needed, number, points: bytes.slice(3, 31), coordinate }
}

/**
 * The shares that together are enough, or throws: `mixed_shares` for shares of different splittings or one share twice,
 * `too_few_shares`.
 */
export function requireEnoughShares(shares: readonly RecoveryShare[]): readonly RecoveryShare[] {
  const [first] = shares
  if (first === undefined) throw new SealingError('too_few_shares', 'no share')
  const alike = shares.every(
    ({ split, needed }) => split === first.split && needed === first.needed,
  )
  const coordinates = new Set(shares.map(({ coordinate }) => coordinate))
  if (!alike || coordinates.size !== shares.length) {
    throw new SealingError('mixed_shares', 'shares of different splittings, or one twice')
  }
  if (shares.length < first.needed) {
    throw new SealingError('too_few_shares', `${shares.length} of ${first.needed} shares`)
  }
  return shares.slice(0, first.needed)
}
