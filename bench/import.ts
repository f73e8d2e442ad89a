import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { bootstrap } from '../src/centres/bootstrap.ts'
import { type Config, loadConfig } from '../src/config/config.ts'
import { utf8 } from '../src/encoding/bytes.ts'
import { prepareImport } from '../src/importing/prepare-import.ts'
import { nodeXChaCha20Poly1305 } from '../src/intake/node-aead.ts'
import { sampleLine, samplePersons } from '../src/main/demo/sample-archive.ts'
import { feedPublisher } from '../src/main/import/feed-publisher.ts'
import { openArchiveForm } from '../src/main/import/open-archive.ts'
import { nativeEd25519Verify } from '../src/main/native-ed25519.ts'
import { clock, random, sha256 } from '../src/main/world.ts'
import { openDatabase } from '../src/postgres/database.ts'
import { loadLogKeys, loadStagingKey } from '../src/register/log-keys.ts'
import { runPublisher } from '../src/register/publisher.ts'
import type { RegisterTables } from '../src/register/tables.ts'
import { parseEntryBundle } from '../src/tlog/tile.ts'
import { startTestDatabase, type TestDatabase } from '../test/support/test-database.ts'

export type ImportBenchOptions = {
  readonly statements?: number
  readonly report?: (line: string) => void
}

const PROSE = ['CCP and its affiliated organizations', '退出党团队', '三退']

/**
 * An archive of 13.6 persons a statement, whose manifest stands, is read, handed over and published. Baseline: COPY of
 * the rows that came of it (leaf and content line of each declaration, text of each statement) into two keyed tables.
 */
export async function run({
  statements = 10_000,
  report = () => {},
}: ImportBenchOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'))
  await using database = await startTestDatabase()
  try {
    const config = await sampleConfig(folder)
    const seconds = await importSample(config, database, statements, report)
    const copySeconds = await copySameRows(config.publicFolder, database, folder)
    const persons = samplePersons(statements)
    report(`COPY of the same rows: ${copySeconds.toFixed(1)} s`)
    return JSON.stringify({
      bench: 'import',
      unit: 'persons/s',
      value: Math.round(persons / seconds),
      baseline: Math.round(persons / copySeconds),
      ratio: Number((copySeconds / seconds).toFixed(3)),
      size: persons,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function sampleConfig(folder: string): Promise<Config> {
  // The server runs as another user and reads the rows from here.
  await chmod(folder, 0o755)
  const file = join(folder, 'avow.json')
  await writeFile(file, '{"sample":true}')
  return loadConfig({
    AVOW_DATA: join(folder, 'data'),
    AVOW_SECRETS: join(folder, 'secrets'),
    AVOW_CONFIG: file,
  })
}

async function importSample(
  config: Config,
  { urls }: TestDatabase,
  statements: number,
  report: (line: string) => void,
): Promise<number> {
  await using db = openDatabase<RegisterTables>(urls.avow_publisher, { max: 6 })
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  await using publisher = await runPublisher({
    db,
    databaseUrl: urls.avow_publisher,
    config,
    logKeys,
    stagingKey: await loadStagingKey(config.secretsFolder, random),
    rootPublicKey: await makeDirectory(config, urls.avow_desk, logKeys),
    clock,
    random,
    sha256,
    ed25519Verify: nativeEd25519Verify,
    aead: nodeXChaCha20Poly1305,
    pollMs: 20,
  })
  const form = await openArchiveForm(config)
  const bytes = Array.from({ length: statements }, (_, number) =>
    utf8(`${sampleLine(number, { form: config.form, prose: PROSE })}\n`),
  )
  const archive = { pieces: () => inPieces(bytes), form }
  const before = performance.now()
  const { manifest } = await prepareImport(archive.pieces(), form, {
    register: config.name,
    formHash: config.formHash,
  })
  const start = performance.now()
  report(`manifest: ${((start - before) / 1000).toFixed(1)} s`)
  const { verifierKey } = logKeys.declarations
  const signed = { manifest, signatures: [] }
  await feedPublisher(archive, signed, { db, verifierKey, onProgress: () => {} })
  const seconds = (performance.now() - start) / 1000
  const { declarations } = await publisher.runRound()
  report(`imported: ${declarations.size} declarations in ${seconds.toFixed(1)} s`)
  return seconds
}

async function makeDirectory(
  { name }: Config,
  deskUrl: string,
  logKeys: Awaited<ReturnType<typeof loadLogKeys>>,
): Promise<Uint8Array> {
  await using db = openDatabase<unknown>(deskUrl, { max: 1 })
  const { rootPublicKey } = await bootstrap({
    db,
    register: name,
    logKeys: {
      declarations: logKeys.declarations.verifierKey,
      events: logKeys.events.verifierKey,
    },
    publicUrl: 'http://127.0.0.1',
    clock,
    random,
    sha256,
    storeRootPublicKey: async () => {},
  })
  return rootPublicKey
}

async function* inPieces(lines: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < lines.length; at += 500) yield Buffer.concat(lines.slice(at, at + 500))
}

async function copySameRows(
  publicFolder: string,
  { ownerUrl }: TestDatabase,
  folder: string,
): Promise<number> {
  await using owner = openDatabase<unknown>(ownerUrl, { max: 1 })
  await sql`CREATE TABLE copied_declaration (idx bigint PRIMARY KEY, leaf bytea, line text)`.execute(
    owner,
  )
  await sql`CREATE TABLE copied_text (id bytea PRIMARY KEY, body text)`.execute(owner)
  const declarations = await declarationRows(publicFolder)
  const texts = await textRows(publicFolder)
  return (
    (await copy(owner, 'copied_declaration', declarations, folder)) +
    (await copy(owner, 'copied_text', texts, folder))
  )
}

async function copy(
  owner: Kysely<unknown>,
  table: string,
  rows: readonly string[],
  folder: string,
): Promise<number> {
  const path = join(folder, `${table}.copy`)
  await writeFile(path, rows.join(''))
  const start = performance.now()
  await sql`COPY ${sql.ref(table)} FROM ${sql.lit(path)}`.execute(owner)
  return (performance.now() - start) / 1000
}

async function declarationRows(publicFolder: string): Promise<string[]> {
  const rows: string[] = []
  const bundles = await filesBelow(join(publicFolder, 'log/declarations/tile/entries'))
  const contents = await filesBelow(join(publicFolder, 'content'))
  const lines = new Map<number, string>()
  for (const path of contents.filter((one) => !one.includes('/texts/'))) {
    for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) {
      const index = Number(/^\{"index":(\d+)/.exec(line)?.[1])
      lines.set(index, line)
    }
  }
  // The last bundle of each size that was published is there too; the widest of a name holds the others.
  const widest = new Map<string, string>()
  for (const path of bundles.toSorted((a, b) => widthOf(a) - widthOf(b))) {
    widest.set(path.replace(/\.p\/\d+$/, ''), path)
  }
  for (const path of [...widest.values()].toSorted()) {
    for (const entry of parseEntryBundle(await readFile(path))) {
      const index = rows.length
      const leaf = `\\\\x${Buffer.from(entry).toString('hex')}`
      rows.push(`${index}\t${leaf}\t${escaped(lines.get(index) ?? '')}\n`)
    }
  }
  return rows
}

async function textRows(publicFolder: string): Promise<string[]> {
  const paths = await filesBelow(join(publicFolder, 'content/texts'))
  return Promise.all(
    paths.map(async (path) => `\\\\x${basename(path)}\t${escaped(await readFile(path, 'utf8'))}\n`),
  )
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

function widthOf(path: string): number {
  return Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256)
}

/** PostgreSQL's text format of COPY. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

if (import.meta.main) {
  const report = (line: string) => process.stdout.write(`${line}\n`)
  report(await run({ report }))
}
