import { contentPath, contentTextPath } from '../declaration/content.ts'
import { formatTally } from '../declaration/tally.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import type { Policy } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { archiveFile } from '../verify/archive.ts'
import { VerifyError } from '../verify/error.ts'
import { LATEST_FILE, LATEST_MAX_BYTES, LOGS, type Pair, parseLatest } from '../verify/latest.ts'
import { type ReadFile, readRequired } from '../verify/read-file.ts'
import type { ListFiles } from '../verify/served-files.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { textIdsFrom } from './content-store.ts'
import { Differences } from './differences.ts'
import type { RegisterDatabase } from './tables.ts'
import { loadTally } from './tally-store.ts'

/** Rows of content in memory at once: 64 bundles are some ten megabytes. */
const BUNDLES_AT_ONCE = 64
const TEXTS_AT_ONCE = 1000
const CONTENT_FILE_MAX_BYTES = 64 * 1024 * 1024
const TALLY_FILE = 'log/tally'

export type FsckDeps = {
  readonly db: RegisterDatabase
  readonly read: ReadFile
  readonly list: ListFiles
  /** Our own, from the keys; not the one that is served. */
  readonly policy: Policy
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
}

export type FsckReport = {
  /** Null where the served files do not verify: the first lie is then among the differences. */
  readonly evidence: RegisterEvidence | null
  readonly differences: Differences
}

/**
 * Reads everything: the served files as a stranger would, up to the first lie, then every row of the database that stands
 * for a file against that file, and the files for which there is no row. A batch published meanwhile changes both: the
 * caller looks again before it believes a difference.
 */
export async function fsck(deps: FsckDeps): Promise<FsckReport> {
  const differences = new Differences()
  const evidence = await verifyServed(deps, differences)
  const pair = evidence?.pair ?? (await findPair(deps.read))
  if (pair !== undefined) {
    await compareLogStates(pair, deps, differences)
    await compareTally(pair, deps, differences)
  }
  const files = await listContent(deps.list)
  const references = await compareContentRows(files, deps, differences)
  await compareTextRows(references, files, deps, differences)
  for (const file of files) differences.add('no_row', file, 'the database knows nothing of it')
  return { evidence, differences }
}

async function verifyServed(
  deps: FsckDeps,
  differences: Differences,
): Promise<RegisterEvidence | null> {
  try {
    return await verifyRegister(deps.read, deps)
  } catch (lie) {
    if (!(lie instanceof VerifyError)) throw lie
    differences.add(lie.code, lie.file, lie.message)
    return null
  }
}

/** Where it does not read, that is the first lie, which is among the differences already. */
async function findPair(read: ReadFile): Promise<Pair | undefined> {
  try {
    return parseLatest(await readRequired(read, LATEST_FILE, LATEST_MAX_BYTES))
  } catch (lie) {
    if (!(lie instanceof VerifyError)) throw lie
    return undefined
  }
}

async function compareLogStates(
  pair: Pair,
  { db, read }: FsckDeps,
  differences: Differences,
): Promise<void> {
  const staged = await db.selectFrom('avow.staged_batch').select('log').execute()
  for (const { log } of staged) {
    differences.add('bad_state', `staged_batch ${log}`, 'not finished: start the publisher')
  }
  const states = await db.selectFrom('avow.log_state').selectAll().execute()
  for (const log of LOGS) {
    const state = states.find((each) => each.log === log)
    if (state === undefined) {
      differences.add('bad_state', `log_state ${log}`, 'the row is missing')
      continue
    }
    const { size, root } = pair[log]
    for (const column of ['size', 'published_size', 'signed_size'] as const) {
      if (state[column] === size) continue
      const message = `${column} is ${state[column]}, ${LATEST_FILE} says ${size}`
      differences.add('hash_mismatch', `log_state ${log}`, message)
    }
    if (Buffer.compare(state.root, root) !== 0) {
      differences.add('hash_mismatch', `log_state ${log}`, `not the root that is served`)
    }
    const archived = archiveFile(log, size)
    const note = await read(archived, MAX_NOTE_BYTES)
    if (note !== undefined && state.cosigned) {
      differences.compare(archived, note, utf8(state.signed_note))
    }
  }
}

async function compareTally(pair: Pair, { db, read }: FsckDeps, differences: Differences) {
  const { declarations, events } = pair
  const tally = await loadTally(db, declarations.size, events.size - 1)
  const counted = tally.parts.reduce((sum, { count }) => sum + count, 0)
  if (counted !== declarations.size) {
    const message = `the parts sum to ${counted} of ${declarations.size} declarations`
    differences.add('bad_state', 'tally_part', message)
  }
  const served = await read(TALLY_FILE, CONTENT_FILE_MAX_BYTES)
  differences.compare(TALLY_FILE, served, utf8(formatTally(tally)))
}

async function listContent(list: ListFiles): Promise<Set<string>> {
  const files = new Set<string>()
  for await (const path of list()) if (path.startsWith('content/')) files.add(path)
  return files
}

/** Takes every file that a row accounts for off the list. Returns how many lines refer to each text. */
async function compareContentRows(
  files: Set<string>,
  { db, read }: FsckDeps,
  differences: Differences,
): Promise<ReadonlyMap<string, number>> {
  const references = new Map<string, number>()
  for (let last = -1; ; ) {
    const rows = await db
      .selectFrom('avow.content_bundle')
      .selectAll()
      .where('bundle', '>', last)
      .orderBy('bundle')
      .limit(BUNDLES_AT_ONCE)
      .execute()
    for (const { bundle, lines } of rows) {
      last = bundle
      const path = contentPath(bundle)
      files.delete(path)
      const found = await read(path, CONTENT_FILE_MAX_BYTES)
      // A bundle of which nothing is visible needs no file.
      if (lines.length > 0 || found !== undefined) differences.compare(path, found, lines)
      for (const id of textIdsFrom(fromUtf8(lines), 0)) {
        references.set(id, (references.get(id) ?? 0) + 1)
      }
    }
    if (rows.length < BUNDLES_AT_ONCE) return references
  }
}

async function compareTextRows(
  references: ReadonlyMap<string, number>,
  files: Set<string>,
  { db, read }: FsckDeps,
  differences: Differences,
): Promise<void> {
  const missing = new Set(references.keys())
  for (let last: Uint8Array = Buffer.alloc(0); ; ) {
    const rows = await db
      .selectFrom('avow.content_text')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(TEXTS_AT_ONCE)
      .execute()
    for (const { id: bytes, members, body } of rows) {
      last = bytes
      const id = toHex(bytes)
      missing.delete(id)
      const shownBy = references.get(id) ?? 0
      if (members !== shownBy) {
        const message = `counted for ${members} declarations, ${shownBy} show it`
        differences.add('bad_state', `content_text ${id}`, message)
      }
      const path = contentTextPath(id)
      if (shownBy === 0) continue
      files.delete(path)
      differences.compare(path, await read(path, CONTENT_FILE_MAX_BYTES), utf8(body))
    }
    if (rows.length < TEXTS_AT_ONCE) break
  }
  for (const id of missing) {
    differences.add('bad_state', `content_text ${id}`, 'a declaration shows it, and it has no row')
  }
}
