import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { about, line, nearMisses, RUNS, saltFrom } from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import {
  type ContentLine,
  contentPath,
  contentTextPath,
  encodeContentFile,
  encodeContentLine,
  parseContentFile,
  parseContentLine,
} from './content.ts'
import { DeclarationError } from './error.ts'

const refusesContent = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_content'
const salt = saltFrom('salt')
const parts: fc.Arbitrary<Omit<ContentLine, 'index'>> = fc
  .record(
    {
      body: fc.oneof(
        fc.constant({ kind: 'own' as const, salt, textId: 'ab'.repeat(16) }),
        fc.constant({ kind: 'standard' as const, salt, language: 'zh-hant', id: 'leave' }),
      ),
      name: line(120).map((value) => ({ salt, value })),
      about: about.map((value) => ({ salt, value })),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((visible) => Object.keys(visible).length > 0)
const file = fc
  .uniqueArray(fc.nat({ max: 255 }), { maxLength: 6 })
  .chain((places) =>
    fc.tuple(
      fc.constant(places.toSorted((a, b) => a - b)),
      fc.array(parts, { minLength: 6, maxLength: 6 }),
    ),
  )
  .map(([places, visible]) =>
    places.map((place, i): ContentLine => ({ index: 256 * 7 + place, ...visible[i] })),
  )

test('a content file reads back, and any bytes are refused or are its one spelling', () => {
  fc.assert(
    fc.property(file, (lines) => {
      assert.deepEqual(parseContentFile(encodeContentFile(lines), 7), lines)
    }),
    { numRuns: RUNS },
  )
  fc.assert(
    fc.property(
      nearMisses(file.filter((lines) => lines.length > 0).map(encodeContentFile)),
      (bytes) => {
        try {
          assert.deepEqual(encodeContentFile(parseContentFile(bytes, 7)), bytes)
        } catch (error) {
          if (!refusesContent(error)) throw error
        }
      },
    ),
    { numRuns: 5 * RUNS },
  )
})

test('a content line has its members in the order of the format', () => {
  const written = encodeContentLine({
    about: { salt, value: { language: 'en', voice: 'own', channel: 'web', few: false } },
    name: { salt, value: '"李明"' },
    body: { kind: 'own', salt, textId: '00'.repeat(16) },
    index: 1792,
  })
  const spelledSalt = Buffer.from(salt).toString('base64')
  assert.equal(
    written,
    `{"index":1792,"body":{"salt":"${spelledSalt}","text":"${'00'.repeat(16)}"},` +
      `"name":{"salt":"${spelledSalt}","value":"\\"李明\\""},` +
      `"about":{"salt":"${spelledSalt}","value":"lang en\\nvoice own\\nchannel web\\n"}}`,
  )
})

test('an erased part is absent and a line without parts is no line', () => {
  assert.deepEqual(
    Object.keys(parseContentLine(encodeContentLine({ index: 0, name: { salt, value: 'x' } }))),
    ['index', 'name'],
  )
  assert.throws(() => parseContentLine('{"index":0}'), refusesContent)
})

test('indices ascend and belong to the bundle of the file', () => {
  const lineOf = (index: number): ContentLine => ({ index, name: { salt, value: 'x' } })
  const fileOf = (...indices: number[]) => encodeContentFile(indices.map(lineOf))
  assert.equal(parseContentFile(fileOf(256, 511), 1).length, 2)
  assert.deepEqual(parseContentFile(new Uint8Array(0), 1), [])
  for (const indices of [[255], [512], [300, 299], [300, 300]]) {
    assert.throws(() => parseContentFile(fileOf(...indices), 1), refusesContent)
  }
  assert.throws(() => parseContentFile(fileOf(256).slice(0, -1), 1), refusesContent)
})

test('a body that is both, or neither, a text and a standard text is refused', () => {
  const own = encodeContentLine({ index: 0, body: { kind: 'own', salt, textId: 'ab'.repeat(16) } })
  for (const body of [
    own.replace('}}', ',"standard":"en leave"}}'),
    own.replace(/,"text":"\w+"/, ''),
    own.replace(/"text":"\w+"/, '"text":"../secret"'),
  ]) {
    assert.notEqual(body, own)
    assert.throws(() => parseContentLine(body), refusesContent)
  }
})

test('a content line in another spelling is refused', () => {
  const line = encodeContentLine({
    index: 1,
    body: { kind: 'own', salt, textId: 'ab'.repeat(16) },
    name: { salt, value: '李明' },
  })
  for (const [from, to] of [
    ['{"index":1', '{ "index":1'],
    ['"index":1', '"index":1e0'],
    ['"index":1', '"index":0,"index":1'],
    ['李', '\\u674e'],
    [/"index":1,(.*)}$/, '{$1,"index":1}'.slice(1)],
    [/("body":.*),("name":.*)}$/, '$2,$1}'],
  ] as const) {
    const respelled = line.replace(from, to)
    assert.notEqual(respelled, line)
    assert.throws(() => parseContentLine(respelled), refusesContent, respelled)
  }
})

test('a content file is named like its entry bundle, a text by its id', () => {
  assert.equal(contentPath(0), 'content/000')
  assert.equal(contentPath(1234067), 'content/x001/x234/067')
  assert.equal(contentTextPath('ab'.repeat(16)), `content/texts/${'ab'.repeat(16)}`)
})

test('the largest line there can be is read', () => {
  const value = {
    language: 'zh-hans',
    sector: 'a'.repeat(32),
    standing: 'a'.repeat(32),
    position: '"'.repeat(60),
    region: 'a'.repeat(32),
    voice: 'a'.repeat(32),
    channel: 'a'.repeat(32),
    claimedDay: '2004-12-03',
    few: true,
  }
  const full: ContentLine = {
    index: Number.MAX_SAFE_INTEGER,
    body: { kind: 'standard', salt, language: 'zh-hant', id: 'a'.repeat(32) },
    name: { salt, value: '"'.repeat(120) },
    about: { salt, value },
  }
  assert.deepEqual(parseContentLine(fromUtf8(utf8(encodeContentLine(full)))), full)
})
