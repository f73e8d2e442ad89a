import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { random, sha256 } from '../src/main/world.ts'
import { openDatabase } from '../src/postgres/database.ts'
import { parseCheckpoint } from '../src/tlog/checkpoint.ts'
import { inclusionProof } from '../src/tlog/proof.ts'
import { type ReadTile, tilePath } from '../src/tlog/tile.ts'
import { openBenchRegister, type PublishingCost } from './support/bench-register.ts'
import { measureFiles } from './support/measure-files.ts'
import { watchMemory } from './support/watch-memory.ts'

export type ScaleBenchOptions = {
  readonly size?: number
  readonly report?: (line: string) => void
}

const BATCH = 5000
/** Batches over which the cost at a size is taken. */
const WINDOW = 10
const MARKS = [10_000, 100_000, 1_000_000, 10_000_000]

/**
 * A register grows to a million declarations, or to ten with LONG=1: what a leaf costs at each power of ten, in turns with
 * the baseline and in processor time; then what is on disk, a proof, and a verifier's memory.
 */
export async function run({
  size = process.env['LONG'] === '1' ? 10_000_000 : 1_000_000,
  report = () => {},
}: ScaleBenchOptions = {}): Promise<string> {
  await using register = await openBenchRegister()
  const costs: PublishingCost[] = []
  for (let declarations = 0; declarations < size; declarations += BATCH) {
    costs.push(await register.publish(BATCH))
    if (costs.length % 20 === 0) report(`${declarations + BATCH} declarations`)
  }
  const marks = MARKS.filter((mark) => mark <= size).map((mark) => {
    const cost = costAt(costs, mark)
    const { ms, baseMs, cpuMs } = cost
    report(
      `at ${mark}: ${microseconds(ms)} µs a leaf, baseline ${microseconds(baseMs)}, processor ${microseconds(cpuMs)}`,
    )
    return { mark, ...cost }
  })
  const [first, last] = [marks[0], marks.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('too small to compare sizes')
  const growth = last.cpuMs / first.cpuMs
  report(
    `processor time of a leaf at ${last.mark} over that at ${first.mark}: ${growth.toFixed(2)}; ` +
      `time: ${(last.ms / first.ms).toFixed(2)}`,
  )

  const publicFolder = join(register.folder, 'public')
  const files = await measureFiles(publicFolder)
  const databaseBytes = await databaseSize(register.ownerUrl)
  const proofHashes = await proofLength(publicFolder)
  report(
    `bytes a declaration: ${(files.bytes / size).toFixed(0)} in ${files.files} files, ` +
      `${(files.allocated / size).toFixed(0)} as the file system keeps them, ${(databaseBytes / size).toFixed(0)} in the database`,
  )
  report(`stale partials: ${files.stalePartials}; hashes of a proof: ${proofHashes}`)
  const { seconds, peakMiB } = await watchMemory(['verify', publicFolder, '--trust-served-policy'])
  report(`verified in ${seconds.toFixed(0)} s with at most ${peakMiB} MiB`)
  return JSON.stringify({
    bench: 'scale',
    unit: 'leaves/s',
    value: Math.round((1000 * BATCH) / last.ms),
    baseline: Math.round((1000 * BATCH) / last.baseMs),
    ratio: Number((last.baseMs / last.ms).toFixed(3)),
    size,
    growth: Number(growth.toFixed(3)),
    fileBytes: Math.round(files.bytes / size),
    diskBytes: Math.round(files.allocated / size),
    databaseBytes: Math.round(databaseBytes / size),
    stalePartials: files.stalePartials,
    proofHashes,
    verifyMiB: peakMiB,
  })
}

/** The median of the batches that come up to a size, or begin there when they are the first. */
function costAt(costs: readonly PublishingCost[], mark: number): PublishingCost {
  const end = Math.max(mark / BATCH, WINDOW + 1)
  const window = costs.slice(end - WINDOW, end)
  return {
    ms: median(window.map(({ ms }) => ms)),
    baseMs: median(window.map(({ baseMs }) => baseMs)),
    cpuMs: median(window.map(({ cpuMs }) => cpuMs)),
  }
}

function microseconds(batchMs: number): string {
  return ((1000 * batchMs) / BATCH).toFixed(1)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

async function databaseSize(ownerUrl: string): Promise<number> {
  await using owner = openDatabase<unknown>(ownerUrl, { max: 1 })
  const { rows } = await sql<{ bytes: number }>`
    SELECT pg_database_size(current_database()) AS bytes`.execute(owner)
  return rows[0]?.bytes ?? 0
}

async function proofLength(publicFolder: string): Promise<number> {
  const log = join(publicFolder, 'log/declarations')
  const note = await readFile(join(log, 'checkpoint'), 'utf8')
  const { size } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))
  const index = new DataView(random(4).buffer).getUint32(0) % size
  const read: ReadTile = (level, tile, width) => readFile(join(log, tilePath(level, tile, width)))
  const proof = await inclusionProof(index, size, read, sha256)
  return proof.length
}
