import { formatTally } from '../declaration/tally.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { Sha256 } from '../tlog/hash.ts'
import type { Policy } from '../tlog/policy.ts'
import type { ReadFile } from '../verify/read-file.ts'
import type { ListFiles } from '../verify/served-files.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { contentPath, textIdsFrom, textPath } from './content-store.ts'
import { RegisterError } from './error.ts'
import type { RegisterDatabase } from './tables.ts'
import { loadTally } from './tally-store.ts'

/** Rows of content in memory at once: 64 bundles are some ten megabytes. */
const BUNDLES_AT_ONCE = 64
const TEXTS_AT_ONCE = 1000
const CONTENT_FILE_MAX_BYTES = 64 * 1024 * 1024

export type FsckDeps = {
  readonly db: RegisterDatabase
  readonly read: ReadFile
  readonly list: ListFiles
  /** Our own, from the keys; not the one that is served. */
  readonly policy: Policy
  readonly sha256: Sha256
}

/**
 * Reads everything: the served files as a stranger would, then the database against them. For an idle moment, since a
 * batch in between changes both. Throws VerifyError or RegisterError for the first thing that is not as it must be.
 */
export async function fsck(deps: FsckDeps): Promise<RegisterEvidence> {
  const evidence = await verifyRegister(deps.read, deps)
  await requirePublishedStates(evidence, deps)
  const references = await requireContentRows(evidence, deps)
  await requireTextRows(references, deps)
  const { declarations, events } = evidence.pair
  const tally = await loadTally(deps.db, declarations.size, events.size - 1)
  if (formatTally(tally) !== formatTally(evidence.tally)) {
    throw new RegisterError('bad_state', 'the tally of the database is not the one of the logs')
  }
  return evidence
}

async function requirePublishedStates({ pair }: RegisterEvidence, { db }: FsckDeps) {
  const staged = await db.selectFrom('avow.staged_batch').select('log').execute()
  if (staged.length > 0) {
    throw new RegisterError('bad_state', 'a batch is not finished: start the publisher')
  }
  const states = await db.selectFrom('avow.log_state').selectAll().execute()
  for (const { log, size, root, published_size, signed_size } of states) {
    const isOne = [size, published_size, signed_size].every((each) => each === pair[log].size)
    if (!isOne || Buffer.compare(root, pair[log].root) !== 0) {
      throw new RegisterError('hash_mismatch', `the database holds another tree of ${log}`)
    }
  }
}

/** Returns how many lines refer to each text. */
async function requireContentRows(
  { pair }: RegisterEvidence,
  { db, read }: FsckDeps,
): Promise<ReadonlyMap<string, number>> {
  const references = new Map<string, number>()
  const bundles = Math.ceil(pair.declarations.size / 256)
  for (let first = 0; first < bundles; first += BUNDLES_AT_ONCE) {
    const rows = await db
      .selectFrom('avow.content_bundle')
      .selectAll()
      .where('bundle', '>=', first)
      .where('bundle', '<', first + BUNDLES_AT_ONCE)
      .execute()
    for (const { bundle, lines } of rows) {
      const path = contentPath(bundle)
      requireSame(path, await read(path, CONTENT_FILE_MAX_BYTES), lines)
      for (const id of textIdsFrom(fromUtf8(lines), 0)) {
        references.set(id, (references.get(id) ?? 0) + 1)
      }
    }
  }
  return references
}

async function requireTextRows(
  references: ReadonlyMap<string, number>,
  { db, read }: FsckDeps,
): Promise<void> {
  for (let last: Uint8Array = Buffer.alloc(0); ; ) {
    const rows = await db
      .selectFrom('avow.content_text')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(TEXTS_AT_ONCE)
      .execute()
    for (const { id: bytes, members, body } of rows) {
      const id = toHex(bytes)
      if (members !== (references.get(id) ?? 0)) {
        throw new RegisterError('bad_state', `text ${id} is counted for ${members} declarations`)
      }
      const path = textPath(id)
      if (members > 0) requireSame(path, await read(path, CONTENT_FILE_MAX_BYTES), utf8(body))
      last = bytes
    }
    if (rows.length < TEXTS_AT_ONCE) return
  }
}

function requireSame(path: string, found: Uint8Array | undefined, expected: Uint8Array): void {
  if (found === undefined) throw new RegisterError('missing_file', `${path} is not there`)
  if (Buffer.compare(found, expected) !== 0) {
    throw new RegisterError('file_differs', `${path} is not what the database has for it`)
  }
}
