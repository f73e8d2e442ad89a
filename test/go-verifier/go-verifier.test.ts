import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { toBase64 } from '../../src/encoding/base64.ts'
import { formatCheckpoint } from '../../src/tlog/checkpoint.ts'
import { appendLeafHashes, emptyEdge } from '../../src/tlog/edge.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { ED25519, formatVerifierKey, signingKey } from '../../src/tlog/note-key.ts'
import { signNote } from '../../src/tlog/signed-note.ts'
import { encodeEntryBundle, entriesPath, tilePath } from '../../src/tlog/tile.ts'
import { sha256 } from '../support/naive-tree.ts'
import { buildGoVerifier } from './build-go-verifier.ts'

const ORIGIN = 'localhost/example/log/declarations'
const log = signingKey(ORIGIN, ED25519, new Uint8Array(32).fill(1))
const vkey = formatVerifierKey(log.key)

const scratch = mkdtempSync(join(tmpdir(), 'avow-go-verifier-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const { binary, skip } = buildGoVerifier(scratch)

function exampleEntry(index: number): Uint8Array {
  return Buffer.from(`entry ${index}\n${'.'.repeat((index * 37) % 400)}`.slice((index % 50) - 1))
}

/** Writes a log in batches as a sequencer would: every batch its tiles, bundles and checkpoint. */
function writeLog(batches: readonly number[]): { folder: string; root: string } {
  const folder = mkdtempSync(join(scratch, 'log-'))
  let grown = appendLeafHashes(emptyEdge(), [], sha256)
  for (const count of batches) {
    const start = grown.edge.size
    const entries = Array.from({ length: count }, (_, i) => exampleEntry(start + i))
    grown = appendLeafHashes(
      grown.edge,
      entries.map((entry) => leafHash(entry, sha256)),
      sha256,
    )
    for (const { level, index, width, bytes } of grown.tiles) {
      write(folder, tilePath(level, index, width), bytes)
      if (level > 0) continue
      const bundle = Array.from({ length: width }, (_, i) => exampleEntry(index * 256 + i))
      write(folder, entriesPath(index, width), encodeEntryBundle(bundle))
    }
  }
  const body = formatCheckpoint({ origin: ORIGIN, size: grown.edge.size, root: grown.root })
  write(folder, 'checkpoint', signNote(body, [log]))
  return { folder, root: toBase64(grown.root) }
}

function write(folder: string, file: string, bytes: Uint8Array): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

function verify(folder: string, key = vkey) {
  return spawnSync(binary, [key, folder], { encoding: 'utf8' })
}

function assertRefused(folder: string, file: string, key = vkey): void {
  const { status, stdout, stderr } = verify(folder, key)
  assert.equal(status, 1, `${file}: ${stdout}${stderr}`)
  assert.equal(stderr.split(':')[0], file, stderr)
}

function flipByte(folder: string, file: string, at: number): void {
  const bytes = readFileSync(join(folder, file))
  const offset = at < 0 ? bytes.length + at : at
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
  writeFileSync(join(folder, file), bytes)
}

const SIZES = [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_123]
if (process.env['SLOW'] === '1') SIZES.push(300_000)

for (const size of SIZES) {
  test(`Go accepts a log of ${size} that we wrote, and finds the same root`, { skip }, () => {
    const { folder, root } = writeLog([size])
    const { status, stdout, stderr } = verify(folder)
    assert.equal(status, 0, stderr)
    assert.equal(stdout, `${size} ${root}\n`)
  })
}

test('Go accepts a log with the partial tiles of every earlier checkpoint', { skip }, () => {
  const { folder, root } = writeLog([1, 1, 253, 1, 1, 700, 64_579, 1, 300])
  const { status, stdout, stderr } = verify(folder)
  assert.equal(status, 0, stderr)
  assert.equal(stdout, `65837 ${root}\n`)
  flipByte(folder, 'tile/0/000.p/2', 40)
  assertRefused(folder, 'tile/0/000.p/2')
  rmSync(join(folder, 'tile/0/000.p'), { recursive: true })
  flipByte(folder, 'tile/entries/003.p/189', -1)
  assertRefused(folder, 'tile/entries/003.p/189')
  rmSync(join(folder, 'tile/entries/003.p'), { recursive: true })
  assert.equal(verify(folder).status, 0)
})

test('Go names the file in which one byte is flipped', { skip }, () => {
  const { folder } = writeLog([70_123])
  const flips: [file: string, ...offsets: number[]][] = [
    ['tile/entries/000', 0, 1, 2, -1],
    ['tile/entries/128', 3000],
    ['tile/entries/273.p/235', -1],
    ['tile/0/000', 0, -1],
    ['tile/0/200', 4096],
    ['tile/0/273.p/235', -1],
    ['tile/1/000', 0, -1],
    ['tile/1/001.p/17', 100],
    ['tile/2/000.p/1', 31],
    ['checkpoint', 0, 40, -2],
  ]
  for (const [file, ...offsets] of flips) {
    for (const offset of offsets) {
      flipByte(folder, file, offset)
      assertRefused(folder, file)
      flipByte(folder, file, offset)
    }
  }
  assert.equal(verify(folder).status, 0)
})

test('Go names a file that is missing, cut, or beyond the checkpoint', { skip }, () => {
  const { folder } = writeLog([600])
  const damaged = (name: string, damage: (copy: string) => void) => {
    const copy = join(scratch, name)
    cpSync(folder, copy, { recursive: true })
    damage(copy)
    return copy
  }
  const without = (file: string) =>
    damaged(`no-${file.replaceAll('/', '-')}`, (copy) => rmSync(join(copy, file)))
  assertRefused(without('checkpoint'), 'checkpoint')
  assertRefused(without('tile/0/001'), 'tile/0/001')
  assertRefused(without('tile/1/000.p/2'), 'tile/1/000.p/2')
  assertRefused(without('tile/entries/001'), 'tile/entries/001')
  const cut = damaged('cut', (copy) => {
    const file = join(copy, 'tile/0/002.p/88')
    writeFileSync(file, readFileSync(file).subarray(32))
  })
  assertRefused(cut, 'tile/0/002.p/88')
  const beyond = damaged('beyond', (copy) =>
    write(copy, 'tile/0/002.p/89', new Uint8Array(89 * 32)),
  )
  assertRefused(beyond, 'tile/0/002.p/89')
  const stray = damaged('stray', (copy) => write(copy, 'tile/notes', new Uint8Array(1)))
  assertRefused(stray, 'tile/notes')
})

test('Go refuses an entry changed together with its tiles, and a checkpoint of another key', {
  skip,
}, () => {
  const { folder } = writeLog([300])
  const other = signingKey(ORIGIN, ED25519, new Uint8Array(32).fill(2))
  assertRefused(folder, 'checkpoint', formatVerifierKey(other.key))
  const entries = Array.from({ length: 300 }, (_, i) => exampleEntry(i === 299 ? 1 : i))
  const { tiles } = appendLeafHashes(
    emptyEdge(),
    entries.map((entry) => leafHash(entry, sha256)),
    sha256,
  )
  for (const { level, index, width, bytes } of tiles) {
    write(folder, tilePath(level, index, width), bytes)
  }
  write(folder, entriesPath(1, 44), encodeEntryBundle(entries.slice(256)))
  assertRefused(folder, 'checkpoint')
})
