import { join } from 'node:path'
import { sql } from 'kysely'
import { type Audit, parseAudit, verifyAuditor, verifyDraw } from '../declaration/audit.ts'
import { DeclarationError } from '../declaration/error.ts'
import { parseEvent } from '../declaration/event.ts'
import type { IndexRange } from '../declaration/event-lines.ts'
import type { TwoPeopleTrust } from '../declaration/two-people.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/signed-note.ts'
import { TILE_WIDTH, tileWidth } from '../tlog/tile.ts'
import { archiveFile } from '../verify/archive.ts'
import type { Pair } from '../verify/latest.ts'
import { readEntries } from '../verify/read-entries.ts'
import { eventTree } from '../verify/signed-tree.ts'
import { countRefused } from './act-store.ts'
import { findFile } from './durable-files.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import type { RegisterDatabase } from './tables.ts'

export type TakingAuditsDeps = {
  readonly db: RegisterDatabase
  readonly register: string
  readonly publicFolder: string
  readonly pair: Pair
  readonly trust: TwoPeopleTrust
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly random: (length: number) => Uint8Array
  readonly today: string
}

const AUDITS_AT_ONCE = 50
const LATEST = 'log/latest'

/**
 * Queues the audits that wait and holds each to the directory, the batch it names and the root it drew by: rows are written by
 * the desk, and whoever owns the database can write them too. An audit is logged once; what does not hold is counted and gone.
 */
export async function takeAudits(deps: TakingAuditsDeps): Promise<void> {
  const { db, random, sha256, today } = deps
  const rows = await db.selectFrom('avow.signed_audit').selectAll().limit(AUDITS_AT_ONCE).execute()
  for (const { id, written } of rows) {
    const audit = await verifyAudit(written, deps)
    await db.transaction().execute(async (tx) => {
      await sql`DELETE FROM avow.signed_audit WHERE id = ${id}`.execute(tx)
      if (audit === undefined) return countRefused(tx, 'audit_refused', today)
      const known = await announceOnce(tx, `audit ${toHex(sha256(utf8(written)))}`, '')
      if (known === 'new') await queueEvents(tx, [audit], random)
    })
  }
}

async function verifyAudit(written: string, deps: TakingAuditsDeps): Promise<Audit | undefined> {
  const { register, trust, sha256 } = deps
  try {
    const audit = parseAudit(written)
    verifyAuditor(audit, register, trust)
    const range = await findBatch(audit.batch, deps)
    const root = await findRoot(audit.rootSize, deps)
    if (range === undefined || root === undefined) return undefined
    verifyDraw(audit, { range, root }, sha256)
    return audit
  } catch (error) {
    if (error instanceof DeclarationError) return undefined
    throw error
  }
}

async function findBatch(
  position: number,
  { pair, publicFolder }: TakingAuditsDeps,
): Promise<IndexRange | undefined> {
  if (position >= pair.events.size) return undefined
  const bundle = Math.floor(position / TILE_WIDTH)
  const width = tileWidth(0, bundle, pair.events.size)
  const read = (path: string) => findFile(join(publicFolder, path))
  const tree = eventTree({ ...pair.events, file: LATEST })
  const { entries } = await readEntries(tree, bundle, width, read)
  const event = parseEvent(entries[position % TILE_WIDTH] ?? new Uint8Array(0))
  return event.type === 'batch' ? event.range : undefined
}

/** Of a checkpoint that this register published; its own files need no proof here. */
async function findRoot(
  size: number,
  { pair, publicFolder }: TakingAuditsDeps,
): Promise<string | undefined> {
  if (size > pair.declarations.size) return undefined
  const note = await findFile(join(publicFolder, archiveFile('declarations', size)))
  if (note === undefined) return undefined
  return toHex(parseCheckpoint(parseNote(note).text).root)
}
