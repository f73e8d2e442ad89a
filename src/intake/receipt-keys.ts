import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { bech32 } from '@scure/base'
import type { ReceiptSecrets } from '../declaration/receipt.ts'
import { lookupHash } from '../declaration/receipt.ts'
import type { SubmittedPerson } from '../declaration/submission.ts'
import { toBase64 } from '../encoding/base64.ts'

export type ReceiptKeys = NonNullable<SubmittedPerson['receipt']>

// PKCS #8 up to where the seed stands (RFC 8410; RFC 9935 section 6, seed only).
const X25519_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex')
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const ML_KEM_768_HEAD = Buffer.from('3054020100300b060960864801650304040204428040', 'hex')

/**
 * What the service must know to serve a receipt. The same keys as `recipientOf(identityFromSeed(ageSeed))`
 * and noble's Ed25519 give, six times faster: a form for hundreds of persons waits for this.
 */
export function receiptKeys(secrets: ReceiptSecrets): ReceiptKeys {
  return {
    lookup: lookupHash(secrets.lookupId, sha256),
    author: toBase64(publicKey(ED25519_HEAD, secrets.authorSeed)),
    age: hybridRecipient(secrets.ageSeed),
  }
}

// age's mlkem768x25519: SHAKE256 stretches the seed to the ML-KEM seed (64 bytes) and the X25519 key (32).
function hybridRecipient(seed: Uint8Array): string {
  const stretched = createHash('shake256', { outputLength: 96 }).update(seed).digest()
  const recipient = Buffer.concat([
    publicKey(ML_KEM_768_HEAD, stretched.subarray(0, 64)),
    publicKey(X25519_HEAD, stretched.subarray(64)),
  ])
  stretched.fill(0)
  return bech32.encode('age1pq', bech32.toWords(recipient), false)
}

function publicKey(head: Buffer, seed: Uint8Array): Buffer {
  const der = Buffer.concat([head, seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  return createPublicKey(key).export({ format: 'raw-public' })
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
