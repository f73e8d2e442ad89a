import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import { type Aead, nobleXChaCha20Poly1305, xchacha20Poly1305With } from './aead.ts'

// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
const key = fromHex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f')
const nonce = fromHex('404142434445464748494a4b4c4d4e4f5051525354555657')
const context = fromHex('50515253c0c1c2c3c4c5c6c7')
const plaintext = utf8(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
)
const sealed = concatBytes(
  fromHex(
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e',
  ),
  fromHex('c0875924c1c7987947deafd8780acf49'),
)
const extended = xchacha20Poly1305With({
  seal: (k, n, aad, bytes) => chacha20poly1305(k, n, aad).encrypt(bytes),
  open: (k, n, aad, bytes) => chacha20poly1305(k, n, aad).decrypt(bytes),
})

for (const [name, aead] of Object.entries<Aead>({ nobleXChaCha20Poly1305, extended })) {
  test(`${name} makes and opens the published example`, () => {
    assert.deepEqual(aead.seal(key, nonce, context, plaintext), sealed)
    assert.deepEqual(aead.open(key, nonce, context, sealed), plaintext)
    assert.throws(() => aead.open(key, nonce, context.subarray(1), sealed))
  })
}

test('the key given is left as it was, also when it is a view', () => {
  const buffer = concatBytes(Uint8Array.of(1, 2, 3), key, Uint8Array.of(4))
  const view = buffer.subarray(3, 35)
  assert.deepEqual(extended.seal(view, nonce, context, plaintext), sealed)
  assert.deepEqual(view, key)
})
