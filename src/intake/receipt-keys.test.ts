import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { lookupHash, receiptSecrets } from '../declaration/receipt.ts'
import { toBase64 } from '../encoding/base64.ts'
import { identityFromSeed, recipientOf } from '../sealing/age.ts'
import { receiptKeys } from './receipt-keys.ts'

test('the platform derives the keys that the portable code derives', async () => {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  for (const fill of [0, 1, 255]) {
    const secrets = receiptSecrets(new Uint8Array(16).fill(fill))
    assert.deepEqual(receiptKeys(secrets), {
      lookup: lookupHash(secrets.lookupId, sha256),
      author: toBase64(ed25519.getPublicKey(secrets.authorSeed)),
      age: await recipientOf(identityFromSeed(secrets.ageSeed)),
    })
  }
})
