import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ImportError } from './error.ts'
import { type FileLine, LINE_MAX_BYTES, readLines } from './read-lines.ts'

async function* pieces(...given: readonly Uint8Array[]) {
  yield* given
}

async function collect(source: AsyncIterable<FileLine>): Promise<FileLine[]> {
  const lines: FileLine[] = []
  for await (const line of source) lines.push(line)
  return lines
}

const bytes = (text: string) => new TextEncoder().encode(text)

test('empty lines are left out and counted, and the last line needs no end', async () => {
  assert.deepEqual(await collect(readLines(pieces(bytes('one\n\n \r\ntwo')))), [
    { number: 1, text: 'one' },
    { number: 4, text: 'two' },
  ])
})

test('lines are the same however the file comes in pieces', async () => {
  const text = fc
    .array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')))
    .map((lines) => lines.join('\n'))
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40)), async (whole, cuts) => {
      const all = bytes(whole)
      const parts: Uint8Array[] = []
      let at = 0
      for (const cut of cuts) {
        parts.push(all.subarray(at, at + cut))
        at += cut
      }
      parts.push(all.subarray(at))
      const expected = new TextDecoder()
        .decode(all)
        .split('\n')
        .map((line, i) => ({ number: i + 1, text: line.trim() }))
        .filter((line) => line.text !== '')
      assert.deepEqual(await collect(readLines(pieces(...parts))), expected)
    }),
  )
})

test('a line over the bound is refused before it ends', async () => {
  let given = 0
  async function* endless() {
    yield bytes('{}\n')
    for (;;) {
      given++
      yield new Uint8Array(64 * 1024).fill(0x20)
    }
  }
  await assert.rejects(
    collect(readLines(endless())),
    (error) => error instanceof ImportError && error.code === 'line_too_long' && error.line === 2,
  )
  assert.ok(given <= LINE_MAX_BYTES / (64 * 1024) + 1)
})

test('a line at the bound is read and one byte more is refused', async () => {
  const at = bytes('x'.repeat(LINE_MAX_BYTES))
  assert.equal((await collect(readLines(pieces(at))))[0]?.text.length, LINE_MAX_BYTES)
  for (const end of ['x', 'x\n']) {
    await assert.rejects(collect(readLines(pieces(at, bytes(end)))), {
      code: 'line_too_long',
      line: 1,
    })
  }
})

test('a line that is not UTF-8 is refused with its number', async () => {
  const file = pieces(bytes('one\n'), Uint8Array.of(0xff, 0x0a))
  await assert.rejects(collect(readLines(file)), { code: 'not_utf8', line: 2 })
})
