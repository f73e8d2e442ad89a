import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { openWith, recipientOf } from './age.ts'
import { writeAgeFile } from './age-writer.ts'
import { SealingError } from './error.ts'
import { pad, unpad } from './padding.ts'
import { joinQrFrames, toQrFrames } from './qr-frames.ts'
import { encodeSealedSubmission, parseSealedSubmission } from './sealed-submission.ts'

type Vectors = {
  readonly valid: readonly {
    readonly comment: string
    readonly identity: string
    readonly content: string
    readonly random: string
    readonly language: string
    readonly receipts: readonly string[]
    readonly message: string
    readonly id: string
    readonly codes: readonly string[]
  }[]
  readonly invalid: readonly { readonly comment: string; readonly message: string }[]
}
const path = new URL('../../test/vectors/sealing/sealed-submission.json', import.meta.url)
const vectors: Vectors = JSON.parse(readFileSync(path, 'utf8'))

test('sealed messages of the vectors are written again byte for byte, open, and join from their codes', async () => {
  for (const vector of vectors.valid) {
    const { comment, identity, content, language, message, codes } = vector
    const receipts = vector.receipts.map(fromHex)
    const recipient = await recipientOf(identity)
    const file = writeAgeFile(recipient, pad(fromBase64(content)), given(fromBase64(vector.random)))
    const bytes = encodeSealedSubmission({ language, receipts, file })
    assert.equal(fromUtf8(bytes), message, comment)
    assert.equal(toHex(sha256(bytes)), vector.id)
    const parsed = parseSealedSubmission(utf8(message))
    assert.deepEqual(
      { language: parsed.language, receipts: parsed.receipts },
      { language, receipts },
    )
    assert.deepEqual(unpad(await openWith([identity], parsed.file)), fromBase64(content))
    assert.deepEqual(toQrFrames(message), codes)
    assert.deepEqual(joinQrFrames(codes.toReversed().join('\n')), [message])
  }
  assert.ok(vectors.valid.length > 0)
})

test('messages of the vectors that are wrong are refused', () => {
  for (const { comment, message } of vectors.invalid) {
    assert.throws(() => parseSealedSubmission(utf8(message)), SealingError, comment)
  }
  assert.ok(vectors.invalid.length > 0)
})

/** The draws of the vector, in their order. */
function given(stream: Uint8Array): (length: number) => Uint8Array {
  let at = 0
  return (length) => {
    at += length
    assert.ok(at <= stream.length, 'the vector has no more draws')
    return stream.slice(at - length, at)
  }
}
