import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { equalBytes } from '../encoding/bytes.ts'
import { nobleXChaCha20Poly1305 } from '../sealing/aead.ts'
import { nodeXChaCha20Poly1305 } from './node-aead.ts'

const random = (length: number) => Uint8Array.from(randomBytes(length))

test('the platform seals the bytes that the portable cipher seals, and each opens the other', () => {
  for (const length of [0, 1, 2048, 65_536]) {
    const [key, nonce, context] = [random(32), random(24), random(40)]
    const bytes = random(length)
    const sealed = nodeXChaCha20Poly1305.seal(key, nonce, context, bytes)
    assert.ok(equalBytes(sealed, nobleXChaCha20Poly1305.seal(key, nonce, context, bytes)))
    assert.ok(equalBytes(nobleXChaCha20Poly1305.open(key, nonce, context, sealed), bytes))
    assert.ok(equalBytes(nodeXChaCha20Poly1305.open(key, nonce, context, sealed), bytes))
    const altered = Buffer.from(sealed)
    altered[length >> 1] = (altered[length >> 1] ?? 0) ^ 1
    assert.throws(() => nodeXChaCha20Poly1305.open(key, nonce, context, altered))
  }
})
