import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { cosign } from './cosignature.ts'
import { TlogError } from './error.ts'
import { COSIGNATURE_V1, ED25519, signingKey } from './note-key.ts'
import {
  formatNote,
  formatSignatureLines,
  openNote,
  parseNote,
  parseSignatureLines,
  signNote,
} from './signed-note.ts'

const log = signingKey('log.example', ED25519, new Uint8Array(32).fill(1))
const witness = signingKey('witness.example', COSIGNATURE_V1, new Uint8Array(32).fill(2))
const refuses =
  (...codes: TlogError['code'][]) =>
  (error: unknown) =>
    error instanceof TlogError && codes.includes(error.code)

test('signing the example text of signed-note with its key gives its note', () => {
  const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
  const text =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n"
  assert.equal(
    fromUtf8(signNote(text, [signingKey('PeterNeumann', ED25519, seed)])),
    `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
  )
})

test('a cosignature line is opened with the time its witness gave', () => {
  const text = 'log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'
  const line = { ...witness.key, signature: cosign(text, 1_700_000_000, witness) }
  const { signatures } = parseNote(signNote(text, [log]))
  const note = formatNote({ text, signatures: [...signatures, line] })
  const { verified } = openNote(note, [log.key, witness.key])
  assert.deepEqual(verified, [
    { kind: 'signature', key: log.key },
    { kind: 'cosignature', key: witness.key, time: 1_700_000_000 },
  ])
})

test('one flipped bit anywhere in a note never leaves it opened with another text', () => {
  const text = 'first\n\nsecond\n'
  const note = signNote(text, [log])
  for (let bit = 0; bit < note.length * 8; bit++) {
    const flipped = new Uint8Array(note)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.throws(
      () => openNote(flipped, [log.key]),
      refuses('bad_note', 'signature_mismatch', 'no_known_signature'),
      `bit ${bit}`,
    )
  }
})

test('any bytes are a note that formats to itself, or bad_note', () => {
  const lines = fc.array(
    fc.constantFrom(
      '',
      'text',
      '— a AAAAAAAA',
      '— b! AAECAwQF',
      '— a  AAAAAAAA',
      '— é AAAAAAAA',
      '\u0085',
    ),
    { maxLength: 6 },
  )
  const likely = lines.map((all) => utf8(all.map((line) => `${line}\n`).join('')))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), likely), (bytes) => {
      try {
        assert.deepEqual(formatNote(parseNote(bytes)), new Uint8Array(bytes))
      } catch (error) {
        assert.ok(refuses('bad_note')(error))
      }
    }),
    { numRuns: 1000 },
  )
})

test('any bytes are signature lines that format to themselves, or bad_note', () => {
  const { signatures } = parseNote(signNote('a\n', [log]))
  assert.deepEqual(parseSignatureLines(formatSignatureLines(signatures)), signatures)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.deepEqual(formatSignatureLines(parseSignatureLines(bytes)), new Uint8Array(bytes))
      } catch (error) {
        assert.ok(refuses('bad_note')(error))
      }
    }),
  )
})

test('nothing is signed that could not be opened', () => {
  for (const text of ['', 'no newline', 'control\u0001\n', 'carriage\r\n', 'a\n\n— b AAAAAAAA']) {
    assert.throws(() => signNote(text, [log]), refuses('bad_note'), JSON.stringify(text))
  }
  assert.throws(() => signNote('unsigned\n', []), refuses('bad_note'))
})

test('a note beyond its bound is refused before decoding', () => {
  const note = signNote('a\n', [log])
  const long = new Uint8Array(256 * 1024 + 1).fill(0xff)
  long.set(note)
  assert.throws(() => parseNote(long), /note too long/)
  assert.throws(() => parseSignatureLines(long), /too many/)
})
