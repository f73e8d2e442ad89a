import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { cosign, verifyCosignature } from './cosignature.ts'
import { TlogError } from './error.ts'
import { COSIGNATURE_V1, signingKey } from './note-key.ts'

const witness = signingKey('witness.example', COSIGNATURE_V1, new Uint8Array(32).fill(2))
const body = 'log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'

test('the bytes are those of C2SP tlog-cosignature, checked by another Ed25519', () => {
  const signature = cosign(body, 1_679_315_147, witness)
  assert.equal(Buffer.from(signature).readBigUInt64BE(), 1_679_315_147n)
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    witness.key.publicKey,
  ])
  const message = Buffer.from(`cosignature/v1\ntime 1679315147\n${body}`)
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  assert.ok(verify(null, message, key, signature.subarray(8)))
})

test('what is cosigned at a time verifies at that time', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (time) => {
      const signature = cosign(body, time, witness)
      const evidence = verifyCosignature({ body, signature }, witness.key)
      assert.deepEqual(evidence, { key: witness.key, time })
    }),
    { numRuns: 20 },
  )
})

test('a time that is no number of seconds is not cosigned', () => {
  for (const time of [-1, 0.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => cosign(body, time, witness), { name: 'TlogError', code: 'bad_size' })
  }
})

test('any bytes are no cosignature', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.uint8Array({ minLength: 72, maxLength: 72 }),
  )
  fc.assert(
    fc.property(bytes, (signature) => {
      assert.throws(
        () => verifyCosignature({ body, signature }, witness.key),
        (error) =>
          error instanceof TlogError &&
          (error.code === 'bad_cosignature' || error.code === 'signature_mismatch'),
      )
    }),
  )
})
