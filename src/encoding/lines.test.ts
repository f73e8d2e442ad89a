import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from './bytes.ts'
import { EncodingError } from './hex.ts'
import { formatLines, parseLines } from './lines.ts'

const badLine = (error: unknown) => error instanceof EncodingError && error.code === 'bad_line'

test('every line ends in LF and no bytes are no lines', () => {
  assert.deepEqual(parseLines(utf8('a\n\nb c\n'), 100), ['a', '', 'b c'])
  assert.deepEqual(parseLines(utf8('\n'), 100), [''])
  assert.deepEqual(parseLines(utf8(''), 100), [])
})

test('a missing last LF, CR, NUL, tab, DEL and a C1 control are refused', () => {
  for (const text of ['a', 'a\nb', 'a\r\n', 'a\0\n', 'a\t\n', '\u007f\n', '\u0085\n']) {
    assert.throws(() => parseLines(utf8(text), 100), badLine, JSON.stringify(text))
  }
})

test('one byte above the bound is refused before decoding', () => {
  assert.deepEqual(parseLines(utf8('abc\n'), 4), ['abc'])
  assert.throws(() => parseLines(utf8('abc\n'), 3), badLine)
})

test('any bytes parse to the lines that made them or throw bad_line', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      let lines: string[]
      try {
        lines = parseLines(bytes, 64)
      } catch (error) {
        assert.ok(badLine(error))
        return
      }
      assert.deepEqual(formatLines(lines), Uint8Array.from(bytes))
    }),
  )
})

test('formatting refuses a line that would come back as two or as other bytes', () => {
  for (const line of ['a\nb', 'a\r', '\ud800']) assert.throws(() => formatLines([line]), badLine)
})
