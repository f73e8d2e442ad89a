import { scryptAsync } from '@noble/hashes/scrypt.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { openWithPassphrase, sealWithPassphrase } from './age.ts'
import { SealingError } from './error.ts'
import { encodeKeyring, type Keyring, parseKeyring } from './keyring-codec.ts'
import type { RandomBytes } from './parameters.ts'

const PASSPHRASE_WORDS = 7
const WORDLIST_WORDS = 2048
/** The file passphrase is 256 bits already; age's own stretching would only cost time. */
const FILE_WORK_FACTOR = 10
const STRETCH = { N: 2 ** 16, r: 8, p: 1, dkLen: 64 }

export type StretchedPassphrase = {
  readonly loginProof: string
  readonly filePassphrase: string
}

/** Seven words of a list of 2048: 77 bits, never chosen by a person. */
export function generatePassphrase(random: RandomBytes, wordlist: readonly string[]): string {
  if (wordlist.length !== WORDLIST_WORDS) {
    throw new SealingError('bad_passphrase', `a list of ${WORDLIST_WORDS} words`)
  }
  // 2048 divides 65536, so each word is equally likely.
  const draw = random(2 * PASSPHRASE_WORDS)
  const view = new DataView(draw.buffer, draw.byteOffset, draw.byteLength)
  const words = Array.from(
    { length: PASSPHRASE_WORDS },
    (_, i) => wordlist[view.getUint16(2 * i) % WORDLIST_WORDS] ?? '',
  )
  draw.fill(0)
  return words.join(' ')
}

/**
 * 64 MiB and a good part of a second of work: call it in a worker. The server may learn `loginProof`
 * (it keeps a hash); `filePassphrase` never leaves the volunteer's browser.
 */
export async function stretchPassphrase(
  passphrase: string,
  accountId: string,
): Promise<StretchedPassphrase> {
  const words = passphrase.normalize('NFKD').toLowerCase().trim().split(/\s+/)
  const salt = utf8(`avow/passphrase/v1\n${accountId}`)
  const both = await scryptAsync(utf8(words.join(' ')), salt, STRETCH)
  const text = toHex(both)
  both.fill(0)
  return { loginProof: text.slice(0, 64), filePassphrase: text.slice(64) }
}

/** An age passphrase file that stock `age -d` opens with the file passphrase. */
export function sealKeyring(keyring: Keyring, filePassphrase: string): Promise<Uint8Array> {
  return sealWithPassphrase(filePassphrase, encodeKeyring(keyring), FILE_WORK_FACTOR)
}

export async function openKeyring(file: Uint8Array, filePassphrase: string): Promise<Keyring> {
  return parseKeyring(await openWithPassphrase(filePassphrase, file))
}
