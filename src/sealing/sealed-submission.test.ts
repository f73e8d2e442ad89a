import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { armour } from './armour.ts'
import { SealingError } from './error.ts'
import { joinQrFrames, toQrFrames } from './qr-frames.ts'
import {
  encodeSealedSubmission,
  findArmouredFiles,
  findSealedSubmissions,
  parseSealedSubmission,
} from './sealed-submission.ts'

const bytes = (length: number) => Uint8Array.from(randomBytes(length))
const sample = { language: 'zh-hant', receipts: [bytes(32), bytes(32)], file: bytes(4000) }
const message = encodeSealedSubmission(sample)
const text = fromUtf8(message)
const isRefusal = (error: unknown) => error instanceof SealingError

test('a sealed message comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), { selector: String }),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      (receipts, file) => {
        const again = parseSealedSubmission(
          encodeSealedSubmission({ language: 'en', receipts, file }),
        )
        assert.deepEqual(again.receipts, receipts)
        assert.deepEqual(again.file, file)
      },
    ),
  )
})

test('one message has one spelling: anything altered is refused or another message', () => {
  for (const wrong of [
    text.replace('\n', '\r\n'),
    `${text}\n`,
    text.slice(0, -1),
    text.replace('language zh-hant', 'language ZH'),
    text.replace(/receipt .*\n/, (line) => line + line),
    text.replace('receipt ', 'receipt  '),
    text.replace(/(.{64})\n(.)/, '$1$2\n'),
    `${text}x`,
  ]) {
    assert.throws(
      () => parseSealedSubmission(utf8(wrong)),
      isRefusal,
      JSON.stringify(wrong.slice(0, 60)),
    )
  }
  assert.throws(() => parseSealedSubmission(new Uint8Array(9 * 1024 * 1024)), isRefusal)
})

test('more than 500 receipts are refused', () => {
  const receipts = Array.from({ length: 501 }, () => bytes(32))
  assert.throws(() => encodeSealedSubmission({ ...sample, receipts }), isRefusal)
  assert.equal(
    parseSealedSubmission(encodeSealedSubmission({ ...sample, receipts: receipts.slice(1) }))
      .receipts.length,
    500,
  )
})

test('it is found in a mail that quotes it, breaks its lines and adds words', () => {
  const rewrapped = text.replace(
    /^([A-Za-z0-9+/=]{64})\n/gm,
    (_, line: string) => `${line.slice(0, 40)}\n${line.slice(40)}\n`,
  )
  const mail = `Hello,\r\n\r\n${rewrapped
    .split('\n')
    .map((line) => `> ${line}  `)
    .join('\r\n')}\r\nregards`
  assert.deepEqual(findSealedSubmissions(mail), [message])
  assert.deepEqual(findSealedSubmissions(`${text}\n${text.replace('zh-hant', 'en')}`).length, 2)
  assert.deepEqual(findSealedSubmissions('avow/sealed-submission/v1\nnothing more'), [])
  const damaged = text.replace('language', 'speech')
  assert.deepEqual(findSealedSubmissions(damaged + text), [message])
})

test('an age file in armour is found by itself', () => {
  assert.deepEqual(findArmouredFiles(`see below\n${armour(sample.file)}`), [sample.file])
  assert.deepEqual(
    findArmouredFiles('-----BEGIN AGE ENCRYPTED FILE-----\n!\n-----END AGE ENCRYPTED FILE-----'),
    [],
  )
})

test('any bytes either parse or are refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((tail) => utf8(text.slice(0, 60) + tail)),
      ),
      (any) => {
        try {
          parseSealedSubmission(any)
        } catch (error) {
          assert.ok(isRefusal(error))
        }
      },
    ),
  )
})

test('the codes of a message join in any order, and a missing one is named', () => {
  const frames = toQrFrames(text)
  assert.ok(frames.length > 3)
  assert.ok(frames.every((frame) => !/[\s]/.test(frame)))
  const shuffled = [...frames].reverse()
  assert.deepEqual(joinQrFrames(shuffled.join(' ') + frames[0]), [text])
  assert.deepEqual(joinQrFrames('nothing'), [])
  assert.throws(
    () => joinQrFrames(frames.toSpliced(1, 1).join('\n')),
    (error) =>
      error instanceof SealingError &&
      error.code === 'frames_missing' &&
      /codes 2 of/.test(error.message),
  )
  const altered = frames.join('\n').replace('language', 'languagf')
  assert.throws(() => joinQrFrames(altered), isRefusal)
})
