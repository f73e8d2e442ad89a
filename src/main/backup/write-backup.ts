import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { copyRegister } from '../../register/copy-register.ts'
import { sealStreamTo } from '../../sealing/age-stream.ts'
import type { Policy } from '../../tlog/policy.ts'
import type { ReadFile } from '../../verify/read-file.ts'
import { verifyRegister } from '../../verify/verify-register.ts'
import { nativeEd25519Verify } from '../native-ed25519.ts'
import { openFolder } from '../verify-folder.ts'
import { sha256 } from '../world.ts'
import { BackupError } from './backup-error.ts'
import {
  type BackupManifest,
  MANIFEST_FILE,
  PUBLIC_FOLDER,
  SEALED_FILES,
  type SealedFile,
} from './backup-manifest.ts'
import { dumpTables } from './dump-tables.ts'
import { hashFile, hashFolder, listPaths } from './hash-files.ts'
import { groupOf, listTables } from './table-groups.ts'

export type BackupDeps = {
  readonly ownerUrl: string
  readonly read: ReadFile
  /** Our own: a copy that does not verify is no backup. */
  readonly policy: Policy
  readonly folder: string
  readonly recipients: readonly string[]
  readonly register: string
  readonly clock: () => Date
}

/** A register that publishes all the time is caught between two publications sooner or later. */
const ATTEMPTS = 30
const AGAIN_AFTER_MS = 1000

/**
 * One snapshot of the rows and the public files of the same pair. Files that are in the folder already are not written
 * again, and what the register has erased since is deleted there. The manifest is written last: a folder without one, or
 * with other hashes than its files', is not restored.
 */
export async function writeBackup(deps: BackupDeps): Promise<BackupManifest> {
  await mkdir(deps.folder, { recursive: true, mode: 0o700 })
  const publicCopy = join(deps.folder, PUBLIC_FOLDER)
  await copyRegister(deps.read, publicCopy)
  for (let attempt = 1; ; attempt++) {
    const dumped = await dumpSnapshot(deps)
    const kept = await copyRegister(deps.read, publicCopy)
    const { pair } = await verifyCopy(publicCopy, deps.policy)
    const isSame =
      pair.declarations.size === dumped?.pair.declarations &&
      pair.events.size === dumped.pair.events
    if (dumped !== undefined && isSame) {
      await deleteOthers(publicCopy, kept)
      return finish(deps, dumped)
    }
    if (attempt === ATTEMPTS) {
      throw new BackupError('not_quiet', 'the register never stood still: try at a quieter moment')
    }
    await sleep(AGAIN_AFTER_MS)
  }
}

type Dumped = Pick<BackupManifest, 'pair' | 'rows'>

/** Undefined while a batch is under way. */
async function dumpSnapshot({
  ownerUrl,
  folder,
  recipients,
}: BackupDeps): Promise<Dumped | undefined> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const pair = await standingPair(client)
    if (pair === undefined) return undefined
    const tables = await listTables(client)
    const rows: Record<SealedFile, Record<string, number>> = {
      'register.age': {},
      'submissions.age': {},
    }
    for (const file of SEALED_FILES) {
      const group = tables.filter(({ name }) => `${groupOf(name)}.age` === file)
      const dump = dumpTables(client, group)
      await writeSealed(join(folder, `${file}.new`), await sealStreamTo(recipients, dump.bytes))
      rows[file] = Object.fromEntries(dump.rows)
    }
    return { pair, rows }
  } finally {
    await client.end()
  }
}

async function standingPair(client: pg.Client): Promise<BackupManifest['pair'] | undefined> {
  const { rows } = await client.query<{ log: string; size: string; published_size: string }>(
    'SELECT log, size, published_size FROM avow.log_state',
  )
  const sizes = new Map(rows.map(({ log, ...state }) => [log, state]))
  const declarations = sizes.get('declarations')
  const events = sizes.get('events')
  if (declarations === undefined || events === undefined) {
    throw new BackupError(
      'bad_backup',
      'this register was never started: there is nothing to back up',
    )
  }
  const stands = [declarations, events].every(({ size, published_size }) => size === published_size)
  return stands
    ? { declarations: Number(declarations.size), events: Number(events.size) }
    : undefined
}

async function writeSealed(path: string, bytes: ReadableStream<Uint8Array>): Promise<void> {
  await bytes.pipeTo(Writable.toWeb(createWriteStream(path, { mode: 0o600 })))
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function verifyCopy(folder: string, policy: Policy) {
  const { read } = await openFolder(folder)
  const options = {
    policy,
    sha256,
    ed25519Verify: nativeEd25519Verify,
    list: async function* () {},
  }
  return verifyRegister(read, options)
}

async function deleteOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const path of await listPaths(folder)) {
    if (!kept.has(path)) await rm(join(folder, path))
  }
}

async function finish(deps: BackupDeps, { pair, rows }: Dumped): Promise<BackupManifest> {
  const { folder, register, clock } = deps
  const manifestPath = join(folder, MANIFEST_FILE)
  if (existsSync(manifestPath)) await rm(manifestPath)
  for (const file of SEALED_FILES) await rename(join(folder, `${file}.new`), join(folder, file))
  const manifest: BackupManifest = {
    format: 'avow/backup/v1',
    register,
    day: clock().toISOString().slice(0, 10),
    pair,
    files: {
      'register.age': await hashFile(join(folder, 'register.age')),
      'submissions.age': await hashFile(join(folder, 'submissions.age')),
    },
    rows,
    public: await hashFolder(join(folder, PUBLIC_FOLDER)),
  }
  await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
