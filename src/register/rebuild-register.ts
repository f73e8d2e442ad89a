import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import type { Policy } from '../tlog/policy.ts'
import { LATEST_FILE } from '../verify/latest.ts'
import type { ReadFile } from '../verify/read-file.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { copyRegister } from './copy-register.ts'
import { findFile, syncFolders } from './durable-files.ts'
import { RegisterError } from './error.ts'
import { checkpointPath, type Log, openLog, type RegisterFolders } from './log.ts'
import { LOG_IDS, type LogKeys, originOf } from './log-keys.ts'
import { type KnownSizes, readRebuiltState } from './rebuilt-state.ts'
import { replaceDatabaseState } from './replace-database-state.ts'
import type { RegisterDatabase } from './tables.ts'
import { takeWriterLock } from './writer-lock.ts'

export type RebuildDeps = {
  /** As the owner of the schema: the directory's rows are nobody's to write but theirs. */
  readonly db: RegisterDatabase
  /** The publisher role's address, for the lock of the one writer. */
  readonly databaseUrl: string
  readonly name: string
  readonly folders: RegisterFolders
  readonly logKeys: LogKeys
  /** Our own, from keys and configuration: the copy is judged by it like any stranger's. */
  readonly policy: Policy
  /** Throws `witness_ahead` and `witness_contradicts`. */
  readonly compareWithWitnesses: (log: Log, note: Uint8Array) => Promise<void>
  readonly read: ReadFile
  /** Of a database whose rows were just put back: the pair they were saved with. It knows no heads and no contents. */
  readonly restoredFrom?: KnownSizes
  readonly sha256: Sha256
  readonly ed25519Verify: Ed25519Verify
}

export type Rebuilt = {
  readonly pair: RegisterEvidence['pair']
  /** `files`: the database knew this pair already. `database`: its state was replaced by what the copy shows. */
  readonly replaced: 'files' | 'database'
}

/**
 * Makes this register continue from a copy of its public files: the folder that is left, a mirror, a backup. The copy is
 * verified whole, must not be older than the database or the witnesses, and erasures in it are erasures here, because
 * content rows come from its files alone. Throws VerifyError where the copy lies, `store_older` and `witness_ahead` where
 * it is too old.
 */
export async function rebuildRegister(deps: RebuildDeps): Promise<Rebuilt> {
  await using _lock = await takeWriterLock(deps.databaseUrl)
  const { publicFolder, stagingFolder } = deps.folders
  const copy = join(stagingFolder, 'rebuild')
  await finishInterrupted(copy, publicFolder)
  await rm(copy, { recursive: true, force: true })

  // 1. Read once, verified where it lies: nobody can answer the second time with something else.
  await copyRegister(deps.read, copy)
  const read: ReadFile = (path) => findFile(join(copy, path))
  const { policy, sha256, ed25519Verify } = deps
  const evidence = await verifyRegister(read, {
    policy,
    sha256,
    ed25519Verify,
    list: async function* () {},
  })

  // 2. Neither our own memory nor anybody else's may know more than it.
  const { pair } = evidence
  const before = deps.restoredFrom ?? (await knownSizes(deps.db))
  await requireNotOlder(deps.db, pair)
  for (const id of LOG_IDS) {
    const log = openLog(id, deps.name, deps.logKeys, { publicFolder: copy, stagingFolder })
    const note = await findFile(checkpointPath(log))
    if (note !== undefined) await deps.compareWithWitnesses(log, note)
  }

  // 3. Files before rows: a crash between the two leaves a database that is older than its files, which is refused at
  // start and made good by running this again.
  const isKnown =
    deps.restoredFrom === undefined && LOG_IDS.every((id) => before[id] === pair[id].size)
  const trust = { origin: originOf(deps.name, 'declarations'), sha256, ed25519Verify }
  const state = isKnown ? undefined : await readRebuiltState(read, evidence, before, trust)
  await install(copy, publicFolder, stagingFolder)
  const served: ReadFile = (path) => findFile(join(publicFolder, path))
  if (state === undefined) await serveContentAgain(deps.db)
  else
    await replaceDatabaseState(deps.db, { evidence, state, before, read: served, name: deps.name })
  return { pair, replaced: state === undefined ? 'files' : 'database' }
}

/** What the database has published, 0 for nothing. */
async function knownSizes(db: RegisterDatabase): Promise<KnownSizes> {
  const rows = await db.selectFrom('avow.log_state').select(['log', 'published_size']).execute()
  const sizes = new Map(rows.map((row) => [row.log, Math.max(row.published_size, 0)]))
  return { declarations: sizes.get('declarations') ?? 0, events: sizes.get('events') ?? 0 }
}

async function requireNotOlder(
  db: RegisterDatabase,
  pair: RegisterEvidence['pair'],
): Promise<void> {
  const rows = await db.selectFrom('avow.log_state').select(['log', 'signed_size']).execute()
  for (const { log, signed_size } of rows) {
    if (signed_size <= pair[log].size) continue
    throw new RegisterError(
      'store_older',
      `the copy has ${pair[log].size} entries of ${log}, this database has signed ${signed_size}: take a newer copy`,
    )
  }
}

/** The rows are the better copy of what they hold: the next start writes every content file from them. */
async function serveContentAgain(db: RegisterDatabase): Promise<void> {
  await db
    .updateTable('avow.log_state')
    .set({ content_synced: 0 })
    .where('log', '=', 'declarations')
    .execute()
}

/** Replaces what the register serves of its logs and contents; pages are made again from them. */
async function install(copy: string, publicFolder: string, stagingFolder: string): Promise<void> {
  const replaced = join(stagingFolder, 'replaced')
  await rm(replaced, { recursive: true, force: true })
  await mkdir(replaced, { recursive: true })
  await mkdir(publicFolder, { recursive: true })
  for (const part of ['content', 'log']) {
    const served = join(publicFolder, part)
    if (existsSync(served)) await rename(served, join(replaced, part))
    if (existsSync(join(copy, part))) await rename(join(copy, part), served)
  }
  await syncFolders([publicFolder])
  await rm(replaced, { recursive: true, force: true })
  await rm(copy, { recursive: true, force: true })
}

/** A crash between the two renames of `log`: the copy, whole and verified, still lies beside. */
async function finishInterrupted(copy: string, publicFolder: string): Promise<void> {
  const isWhole = existsSync(join(copy, LATEST_FILE)) && !existsSync(join(publicFolder, 'log'))
  if (!isWhole) return
  await mkdir(publicFolder, { recursive: true })
  await rename(join(copy, 'log'), join(publicFolder, 'log'))
  await syncFolders([publicFolder])
}
