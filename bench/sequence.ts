import { closeSync, fsync, openSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commit, commitmentOf, saltOf } from '../src/declaration/commitment.ts'
import { encodeContentLine } from '../src/declaration/content.ts'
import { formHash, parseFormDefinition } from '../src/declaration/form-definition.ts'
import type { Leaf } from '../src/declaration/leaf.ts'
import { encodeLeaf } from '../src/declaration/leaf.ts'
import { ladderOf } from '../src/declaration/minimum-group.ts'
import { encodeAbout } from '../src/declaration/values.ts'
import { utf8 } from '../src/encoding/bytes.ts'
import { toHex } from '../src/encoding/hex.ts'
import { nodeXChaCha20Poly1305 } from '../src/intake/node-aead.ts'
import { random, sha256 } from '../src/main/world.ts'
import { openDatabase } from '../src/postgres/database.ts'
import { eachAtOnce } from '../src/register/durable-files.ts'
import { loadLogKeys, loadStagingKey } from '../src/register/log-keys.ts'
import type { ReadyDeclaration, ReviewedItem } from '../src/register/reviewed-item.ts'
import { Sequencer } from '../src/register/sequencer.ts'
import type { RegisterTables } from '../src/register/tables.ts'
import { encodeEntryBundle, TILE_WIDTH } from '../src/tlog/tile.ts'
import { startTestDatabase } from '../test/support/test-database.ts'

export type SequenceBenchOptions = {
  readonly batches?: number
  readonly batchSize?: number
  readonly report?: (line: string) => void
}

const REGISTER = 'localhost/bench'
/** The register it replaces has 13.6 persons in a statement. */
const PERSONS_IN_STATEMENT = 13.6
const sync = promisify(fsync)
const FORM = new URL('../registers/quit-ccp/form.json', import.meta.url)

/**
 * Reviewed declarations become leaves, tiles, content and a signed pair, all durable. Baseline: `baseline`,
 * in turns with it.
 */
export async function run({
  batches = 20,
  batchSize = 5000,
  report = () => {},
}: SequenceBenchOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'))
  await using database = await startTestDatabase()
  const db = openDatabase<RegisterTables>(database.urls.avow_publisher, { max: 4 })
  const form = parseFormDefinition(await readFile(FORM, 'utf8'))
  const formId = formHash(form, sha256)
  const sequencer = await Sequencer.open({
    db,
    databaseUrl: database.urls.avow_publisher,
    config: {
      name: REGISTER,
      publicFolder: join(folder, 'public'),
      stagingFolder: join(folder, 'staging'),
      form,
      formHash: formId,
    },
    logKeys: await loadLogKeys(join(folder, 'secrets'), REGISTER, random),
    stagingKey: await loadStagingKey(join(folder, 'secrets'), random),
    clock: () => new Date(),
    random,
    sha256,
    aead: nodeXChaCha20Poly1305,
  })
  const times: number[] = []
  let baselineMs = 0
  try {
    for (let batch = 0; batch < batches; batch++) {
      const items = reviewedItems(formId, batchSize)
      baselineMs += await baseline(items, join(folder, `baseline-${batch}`))
      const start = performance.now()
      await sequencer.publishItems(items, { kind: 'approvals', auditors: [] })
      times.push(performance.now() - start)
      report(`batch ${batch}: ${((batchSize / (times.at(-1) ?? 1)) * 1000).toFixed(0)} leaves/s`)
    }
  } finally {
    await sequencer[Symbol.asyncDispose]()
    await db.destroy()
    await rm(folder, { recursive: true, force: true })
  }
  const sorted = times.toSorted((a, b) => a - b)
  const totalMs = times.reduce((sum, time) => sum + time, 0)
  const value = ((batches * batchSize) / totalMs) * 1000
  const base = ((batches * batchSize) / baselineMs) * 1000
  return JSON.stringify({
    bench: 'sequence',
    unit: 'leaves/s',
    value: Math.round(value),
    baseline: Math.round(base),
    ratio: Number((value / base).toFixed(3)),
    p50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    p99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    size: batches * batchSize,
  })
}

/**
 * What the same bytes cost without a register: each leaf hashed once; bundles, tiles and notes written and synced file by
 * file; texts and content lines written as the files readers get, and synced once as the one file a database's log is.
 */
async function baseline(items: readonly ReviewedItem[], folder: string): Promise<number> {
  const written = items
    .flatMap(({ declarations }) => declarations)
    .map(({ write }, index) => write({ index, day: '2026-03-01', level: 0 }))
  const entries = written.map(({ leaf }) => encodeLeaf(leaf))
  const lines = written.map(({ line }) => line)
  const texts = items.flatMap((item) => item.texts.map(({ body }) => utf8(body)))
  const start = performance.now()
  for (const entry of entries) sha256(entry)
  const bundles = inBundles(entries).map((bundle) => encodeEntryBundle(bundle))
  const content = inBundles(lines).map((bundle) => utf8(`${bundle.join('\n')}\n`))
  const tiles = inBundles(entries).map((bundle) => new Uint8Array(bundle.length * 32))
  const synced = [...bundles, ...tiles, ...NOTES, Buffer.concat([...content, ...texts])]
  await mkdir(folder)
  for (const [i, bytes] of [...content, ...texts].entries()) {
    writeFileSync(join(folder, `content-${i}`), bytes)
  }
  const files = synced.map((bytes, i) => ({ path: join(folder, `synced-${i}`), bytes }))
  await eachAtOnce(files, async ({ path, bytes }) => {
    const file = openSync(path, 'w')
    writeFileSync(file, bytes)
    await sync(file)
    closeSync(file)
  })
  return performance.now() - start
}

/** Of two logs: checkpoint and archive copy each, tally and latest. */
const NOTES = Array.from({ length: 6 }, () => new Uint8Array(300))

function inBundles<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TILE_WIDTH) }, (_, i) =>
    all.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH),
  )
}

function reviewedItems(form: string, size: number): ReviewedItem[] {
  const statements = Math.max(1, Math.round(size / PERSONS_IN_STATEMENT))
  return Array.from({ length: statements }, (_, i) => {
    const textId = toHex(random(16))
    const persons = Math.floor(((i + 1) * size) / statements) - Math.floor((i * size) / statements)
    return {
      caseId: random(16),
      form,
      claimed: 0,
      keptOut: [],
      importKeys: [],
      approval: `avow/approval/v1\nproposal ${textId}\n`,
      statements: 1,
      texts: [
        { id: textId, body: `own en\n${'I leave the organisations named here. '.repeat(8)}` },
      ],
      declarations: Array.from({ length: persons }, () => declaration(form, textId)),
    }
  })
}

function declaration(form: string, textId: string): ReadyDeclaration {
  const ladder = ladderOf('lang en\nsector army\nvoice own\nchannel web\n')
  const about = ladder[0]
  const salt = saltOf(random(32))
  const name = 'A sample name'
  const leaf: Omit<Leaf, 'day'> = {
    form,
    orgs: ['party'],
    evidence: 'self',
    key: 'own',
    shown: { name: true, text: true },
    body: commitmentOf(random(32)),
    name: commitmentOf(random(32)),
    about: commit('about', salt, encodeAbout(about), sha256),
    author: commitmentOf(random(32)),
  }
  return {
    statement: textId,
    ladder,
    few: false,
    kept: null,
    textId,
    write: ({ index, day }) => ({
      leaf: { ...leaf, day },
      line: encodeContentLine({
        index,
        body: { kind: 'own', salt, textId },
        name: { salt, value: name },
        about: { salt, value: about },
      }),
    }),
  }
}

if (import.meta.main) {
  const report = (line: string) => process.stdout.write(`${line}\n`)
  report(await run({ report }))
}
