import { TILE_WIDTH } from '../src/tlog/tile.ts'

/** Measured at a million declarations on two shared cores (docs/operations/measuring.md); the rest is arithmetic. */
const MEASURED = {
  leavesPerSecond: 15_000,
  fileBytesEach: 761,
  fileBytesEachInBlocks: 1_061,
  databaseBytesEach: 426,
  entryBytesEach: 361,
}
const HASH_BYTES = 32
const DAYS_A_YEAR = 365
/** A publication every hour leaves two archived notes of some 600 bytes, and on average half a file of partials. */
const PUBLICATIONS_A_DAY = 24

const declarations = Number(process.argv[2] ?? 500_000_000)
const tiles: number[] = []
for (let hashes = declarations; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) {
  tiles.push(Math.ceil(hashes / TILE_WIDTH))
}
const bundles = Math.ceil(declarations / TILE_WIDTH)
const tileFiles = tiles.reduce((sum, count) => sum + count, 0)
const hashesStored = Array.from(tiles.keys(), (level) =>
  Math.floor(declarations / TILE_WIDTH ** level),
)
const tileBytes = HASH_BYTES * hashesStored.reduce((sum, count) => sum + count, 0)
const proofHashes = Math.ceil(Math.log2(Math.max(2, declarations)))

const rows: readonly (readonly [string, string])[] = [
  ['declarations', whole(declarations)],
  ['hash tiles by level', tiles.map(whole).join(' · ')],
  ['hash tiles, bytes', bytes(tileBytes)],
  ['entry bundles', `${whole(bundles)} files, ${bytes(declarations * MEASURED.entryBytesEach)}`],
  ['content files', `${whole(bundles)} files, and one for each text of a statement's own`],
  [
    'public files, bytes',
    `${bytes(declarations * MEASURED.fileBytesEach)}; ${bytes(declarations * MEASURED.fileBytesEachInBlocks)} in blocks of 4 KiB`,
  ],
  ['files without texts and pages', whole(tileFiles + 2 * bundles)],
  ['archived notes of 10 years', `${whole(2 * PUBLICATIONS_A_DAY * DAYS_A_YEAR * 10)} files`],
  ['database', `${bytes(declarations * MEASURED.databaseBytesEach)}, without cases and receipts`],
  ['to sequence all of them', hours(declarations / MEASURED.leavesPerSecond)],
  ['inclusion proof', `at most ${proofHashes} hashes, ${proofHashes * HASH_BYTES} bytes`],
  ['proof to an anchor (level 2)', `16 hashes, ${16 * HASH_BYTES} bytes, no signature`],
]
for (const [name, value] of rows) process.stdout.write(`| ${name} | ${value} |\n`)

function whole(count: number): string {
  return count.toLocaleString('en-US')
}

function bytes(count: number): string {
  return `${(count / 1e9).toLocaleString('en-US', { maximumFractionDigits: 2 })} GB`
}

function hours(seconds: number): string {
  return `${(seconds / 3600).toLocaleString('en-US', { maximumFractionDigits: 1 })} hours`
}
