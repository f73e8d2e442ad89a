import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TlogError } from './error.ts'
import {
  encodeEntryBundle,
  entriesPath,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  partialWidth,
  tilePath,
  tilesForSize,
  tileWidth,
} from './tile.ts'

const refuses = (code: TlogError['code']) => (error: unknown) =>
  error instanceof TlogError && error.code === code

const level = fc.integer({ min: 0, max: 63 })
const index = fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.maxSafeNat())
const width = fc.integer({ min: 1, max: 256 })

test('tile paths split the index into groups of three digits', () => {
  assert.equal(tilePath(0, 1234067), 'tile/0/x001/x234/067')
  assert.equal(tilePath(2, 5, 17), 'tile/2/005.p/17')
  assert.equal(entriesPath(999), 'tile/entries/999')
  assert.equal(entriesPath(1000, 255), 'tile/entries/x001/000.p/255')
})

test('every path that can be written can be read, and says the same', () => {
  fc.assert(
    fc.property(level, index, width, (level, index, width) => {
      assert.deepEqual(parseTilePath(tilePath(level, index, width)), {
        kind: 'tile',
        level,
        index,
        width,
      })
      assert.deepEqual(parseTilePath(entriesPath(index, width)), { kind: 'entries', index, width })
    }),
  )
})

test('any text is a canonical path or bad_path', () => {
  const digits = fc.stringMatching(/^[0-9x/.p]{0,24}$/)
  const anything = fc.oneof(
    fc.string(),
    digits.map((rest) => `tile/0/${rest}`),
    digits.map((rest) => `tile/entries/${rest}`),
    fc.tuple(digits, digits).map(([a, b]) => `tile/${a}/${b}`),
  )
  fc.assert(
    fc.property(anything, (path) => {
      let parsed: ReturnType<typeof parseTilePath>
      try {
        parsed = parseTilePath(path)
      } catch (error) {
        assert.ok(refuses('bad_path')(error), path)
        return
      }
      const { kind, index, width } = parsed
      assert.equal(
        kind === 'tile' ? tilePath(parsed.level, index, width) : entriesPath(index, width),
        path,
      )
    }),
  )
})

test('tiles outside the format have no path', () => {
  for (const [l, n, w] of [
    [-1, 0, 256],
    [64, 0, 256],
    [0.5, 0, 256],
    [0, -1, 256],
    [0, 2 ** 53, 256],
    [0, 0, 0],
    [0, 0, 257],
    [0, 0, 1.5],
  ] as const) {
    assert.throws(() => tilePath(l, n, w), refuses('bad_path'))
  }
})

test('a tree of 70,000 has the tiles that C2SP tlog-tiles counts', () => {
  const tiles = [...tilesForSize(70_000)]
  assert.equal(tiles.filter(({ level, width }) => level === 0 && width === 256).length, 273)
  assert.deepEqual(
    tiles.filter(({ level, width }) => level > 0 || width < 256),
    [
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ],
  )
})

test('no tile is empty and a full level makes a partial tile of one above', () => {
  assert.deepEqual([...tilesForSize(0)], [])
  assert.deepEqual(
    [...tilesForSize(256)],
    [
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ],
  )
})

test('widths stay right above 32 bits', () => {
  const size = 3 * 256 ** 5 + 7 * 256 ** 4 + 255
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 63].map((level) => partialWidth(level, size)),
    [255, 0, 0, 0, 7, 3, 0, 0],
  )
  assert.equal(tileWidth(0, Math.floor(size / 256), size), 255)
  assert.equal(tileWidth(0, Math.floor(size / 256) + 1, size), 0)
  assert.equal(tileWidth(4, 0, size), 256)
})

test('a tile may be wider than asked for and never narrower or ragged', () => {
  assert.equal(parseTile(new Uint8Array(64), 1).length, 32)
  assert.equal(parseTile(new Uint8Array(8192), 256).length, 8192)
  for (const [length, width] of [
    [32, 2],
    [63, 1],
    [8192 + 32, 256],
    [0, 1],
  ] as const) {
    assert.throws(() => parseTile(new Uint8Array(length), width), refuses('bad_tile'))
  }
})

test('a bundle gives back its entries', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 })
  fc.assert(
    fc.property(entries, (entries) => {
      const bundle = encodeEntryBundle(entries)
      assert.deepEqual(parseEntryBundle(bundle).map(Buffer.from), entries.map(Buffer.from))
    }),
    { numRuns: 30 },
  )
})

test('any bytes are the one bundle of their entries or bad_bundle', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      let entries: Uint8Array[]
      try {
        entries = parseEntryBundle(bytes)
      } catch (error) {
        assert.ok(refuses('bad_bundle')(error))
        return
      }
      assert.deepEqual(Buffer.from(encodeEntryBundle(entries)), Buffer.from(bytes))
    }),
    { numRuns: 1000 },
  )
})

test('a bundle holds 1 to 256 entries of at most 65,535 bytes', () => {
  const many = Array.from({ length: 257 }, () => new Uint8Array(0))
  assert.throws(() => encodeEntryBundle([]), refuses('bad_bundle'))
  assert.throws(() => encodeEntryBundle(many), refuses('bad_bundle'))
  assert.throws(() => encodeEntryBundle([new Uint8Array(65_536)]), refuses('bad_bundle'))
  assert.equal(parseEntryBundle(encodeEntryBundle([new Uint8Array(65_535)])).length, 1)
  assert.throws(() => parseEntryBundle(new Uint8Array(0)), refuses('bad_bundle'))
  assert.throws(() => parseEntryBundle(new Uint8Array(2 * 257)), refuses('bad_bundle'))
})
