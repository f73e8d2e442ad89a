import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { ReceiptError } from './receipt-error.ts'
import { readDigits, readWords, type Wordlist } from './receipt-reading.ts'

// A receipt is 16 bytes of BIP-39 entropy: 128 bits and 4 checksum bits make 12 numbers of 11 bits.
const RECEIPT_BYTES = 16
const RECEIPT_GROUPS = 12
const RECEIPT_TEXT_MAX_CHARS = 2_000

/** What a receipt opens. Whoever holds the receipt holds all four. */
export type ReceiptSecrets = {
  readonly lookupId: Uint8Array
  readonly authorSeed: Uint8Array
  readonly ageSeed: Uint8Array
  readonly submissionId: Uint8Array
}

export function receiptSecrets(receipt: Uint8Array): ReceiptSecrets {
  return {
    lookupId: receiptLookupId(receipt),
    authorSeed: derive(receipt, 'author'),
    ageSeed: derive(receipt, 'age'),
    submissionId: derive(receipt, 'submission'),
  }
}

/** All that a question about a receipt needs: the other three cost as much each. */
export function receiptLookupId(receipt: Uint8Array): Uint8Array {
  return derive(receipt, 'lookup')
}

function derive(receipt: Uint8Array, info: string): Uint8Array {
  checkLength(receipt)
  return hkdf(nobleSha256, receipt, utf8('avow/receipt/v1'), utf8(info), 32)
}

/** What the service stores instead of the look-up id, so that its disk looks nothing up. */
export function lookupHash(lookupId: Uint8Array, sha256: Sha256): string {
  return toHex(sha256(lookupId))
}

export function receiptToWords(receipt: Uint8Array, wordlist: Wordlist): readonly string[] {
  return receiptNumbers(receipt).map((number) => {
    const word = wordlist[number - 1]
    if (word === undefined) throw new RangeError('a word list has 2,048 words')
    return word
  })
}

/** Twelve groups of four digits, 0001 to 2048: the numbers of the words in their list, counted from one. */
export function receiptToDigits(receipt: Uint8Array): readonly string[] {
  return receiptNumbers(receipt).map((number) => String(number).padStart(4, '0'))
}

/**
 * Reads what a person typed, spoke or wrote: words of any one of the lists, or the groups of digits.
 * Throws ReceiptError; its `position` counts from one.
 */
export function parseReceipt(text: string, wordlists: readonly Wordlist[]): Uint8Array {
  if (text.length > RECEIPT_TEXT_MAX_CHARS) throw new ReceiptError('word_count')
  const plain = text.normalize('NFKD').toLowerCase()
  if (!/[\p{L}\p{Nd}]/u.test(plain)) throw new ReceiptError('empty')
  const readings = /\p{L}/u.test(plain) ? readWords(plain, wordlists) : [readDigits(plain)]
  for (const numbers of readings) {
    const receipt = receiptFromNumbers(numbers)
    if (receipt !== undefined) return receipt
  }
  throw new ReceiptError('checksum')
}

function receiptNumbers(receipt: Uint8Array): number[] {
  checkLength(receipt)
  const bits = receiptBits(receipt)
  return Array.from({ length: RECEIPT_GROUPS }, (_, i) => {
    return Number((bits >> BigInt(11 * (RECEIPT_GROUPS - 1 - i))) & 2047n) + 1
  })
}

function receiptFromNumbers(numbers: readonly number[]): Uint8Array | undefined {
  let bits = 0n
  for (const number of numbers) bits = (bits << 11n) | BigInt(number - 1)
  const receipt = new Uint8Array(RECEIPT_BYTES)
  for (let i = 0; i < RECEIPT_BYTES; i++) {
    receipt[i] = Number((bits >> BigInt(4 + 8 * (RECEIPT_BYTES - 1 - i))) & 255n)
  }
  return receiptBits(receipt) === bits ? receipt : undefined
}

/** Entropy followed by the first four bits of its SHA-256, as BIP-39 has it. */
function receiptBits(receipt: Uint8Array): bigint {
  let bits = 0n
  for (const byte of receipt) bits = (bits << 8n) | BigInt(byte)
  const checksum = (nobleSha256(receipt)[0] ?? 0) >> 4
  return (bits << 4n) | BigInt(checksum)
}

function checkLength(receipt: Uint8Array): void {
  if (receipt.length !== RECEIPT_BYTES) throw new RangeError('a receipt is 16 bytes')
}
