import { join } from 'node:path'
import { sql } from 'kysely'
import { contentPath, contentTextPath } from '../declaration/content.ts'
import { fromBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import { type BatchContent, linesByBundle } from './batch-content.ts'
import {
  type NamedBytes,
  type PreparedFile,
  prepareFiles,
  putInPlace,
  syncFiles,
  writeSoon,
} from './durable-files.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** Puts a batch's visible parts, texts and kept openings into their rows. The caller's transaction makes sure it runs once. */
export async function applyContentRows(
  tx: RegisterTransaction,
  content: BatchContent,
): Promise<void> {
  const bundles = linesByBundle(content)
  await tx
    .insertInto('avow.content_bundle')
    .values(bundles)
    .onConflict((row) =>
      row
        .column('bundle')
        .doUpdateSet({ lines: sql<Uint8Array>`content_bundle.lines || excluded.lines` }),
    )
    .execute()
  const { texts, kept } = content
  await sql`
    INSERT INTO avow.content_text (id, body, members)
    SELECT * FROM unnest(${texts.map(({ id }) => bytea(fromHex(id)))}::bytea[],
      ${texts.map(({ body }) => body)}::text[], ${texts.map(({ members }) => members)}::integer[])
    ON CONFLICT (id) DO UPDATE SET members = content_text.members + excluded.members`.execute(tx)
  // Items with a receipt that is taken were refused before; one that slipped through must not stop the log for ever.
  await sql`
    INSERT INTO avow.kept_opening (lookup_hash, idx, leaf, sealed)
    SELECT * FROM unnest(${kept.map(({ lookup }) => bytea(fromHex(lookup)))}::bytea[],
      ${kept.map(({ index }) => index)}::bigint[],
      ${kept.map(({ leaf }) => bytea(fromBase64(leaf)))}::bytea[],
      ${kept.map(({ sealed }) => bytea(fromBase64(sealed)))}::bytea[])
    ON CONFLICT (lookup_hash) DO NOTHING`.execute(tx)
}

/** The declarations [first, size). */
export type ContentRange = { readonly first: number; readonly size: number }
export type ContentFolders = { readonly publicFolder: string; readonly scratch: string }

/**
 * Writes the content files of these declarations from their rows, which are the durable copy: what a power cut takes
 * from the files before `syncContentFiles` is written again at the next start.
 */
export async function serveContentFiles(
  db: RegisterDatabase,
  range: ContentRange,
  { publicFolder, scratch }: ContentFolders,
  prepared?: PreparedContent,
): Promise<void> {
  const isPrepared = prepared?.first === range.first && prepared.size === range.size
  const files = isPrepared ? await begunBundle(db, range) : await contentFiles(db, range)
  const inPublic = files.map(({ path, bytes }) => ({ path: join(publicFolder, path), bytes }))
  await writeSoon(inPublic, scratch)
  if (isPrepared) putInPlace(prepared.files)
}

/** Files of these declarations that are written and only want their names. */
export type PreparedContent = ContentRange & { readonly files: readonly PreparedFile[] }

/** Writes everything that a batch knows by itself: all but the bundle that was begun before it. */
export async function prepareContentFiles(
  content: BatchContent,
  { publicFolder, scratch }: ContentFolders,
): Promise<PreparedContent> {
  const { first, lines, texts } = content
  const bundles = linesByBundle(content).filter(({ bundle }) => bundle * TILE_WIDTH >= first)
  const files = [
    ...texts.map(({ id, body }) => ({ path: contentTextPath(id), bytes: utf8(body) })),
    ...bundles.map(({ bundle, lines: bytes }) => ({ path: contentPath(bundle), bytes })),
  ]
  const inPublic = files.map(({ path, bytes }) => ({ path: join(publicFolder, path), bytes }))
  return { first, size: first + lines.length, files: await prepareFiles(inPublic, scratch) }
}

async function begunBundle(db: RegisterDatabase, { first }: ContentRange): Promise<NamedBytes[]> {
  if (first % TILE_WIDTH === 0) return []
  const bundle = Math.floor(first / TILE_WIDTH)
  const rows = await db
    .selectFrom('avow.content_bundle')
    .selectAll()
    .where('bundle', '=', bundle)
    .execute()
  return rows.map(({ lines }) => ({ path: contentPath(bundle), bytes: lines }))
}

/** Afterwards a power cut takes nothing from these files any more. */
export async function syncContentFiles(
  db: RegisterDatabase,
  range: ContentRange,
  { publicFolder }: ContentFolders,
): Promise<void> {
  const files = await contentFiles(db, range)
  await syncFiles(files.map(({ path }) => join(publicFolder, path)))
  await db
    .updateTable('avow.log_state')
    .set({ content_synced: range.size })
    .where('log', '=', 'declarations')
    .execute()
}

/** Up to where the files were synced. */
export async function loadContentSynced(db: RegisterDatabase): Promise<number> {
  const row = await db
    .selectFrom('avow.log_state')
    .select('content_synced')
    .where('log', '=', 'declarations')
    .executeTakeFirstOrThrow()
  return row.content_synced
}

async function contentFiles(db: RegisterDatabase, range: ContentRange): Promise<NamedBytes[]> {
  const rows = await db
    .selectFrom('avow.content_bundle')
    .selectAll()
    .where('bundle', '>=', Math.floor(range.first / TILE_WIDTH))
    .where('bundle', '<', Math.ceil(range.size / TILE_WIDTH))
    .execute()
  const textIds = rows.flatMap(({ lines }) => textIdsFrom(fromUtf8(lines), range.first))
  return [
    ...(await textFiles(db, [...new Set(textIds)])),
    ...rows.map(({ bundle, lines }) => ({ path: contentPath(bundle), bytes: lines })),
  ]
}

/** Which of these statement ids already name a text. */
export async function findUsedTexts(
  db: RegisterDatabase,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: Buffer }>`
    SELECT id FROM avow.content_text
    WHERE id = ANY(${ids.map((id) => bytea(fromHex(id)))}::bytea[])`.execute(db)
  return new Set(rows.map(({ id }) => id.toString('hex')))
}

async function textFiles(db: RegisterDatabase, ids: readonly string[]): Promise<NamedBytes[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: Buffer; body: string }>`
    SELECT id, body FROM avow.content_text
    WHERE id = ANY(${ids.map((id) => bytea(fromHex(id)))}::bytea[])`.execute(db)
  return rows.map(({ id, body }) => ({
    path: contentTextPath(id.toString('hex')),
    bytes: utf8(body),
  }))
}

// A quote inside a name or a text is escaped in JSON, so only the member itself matches.
const LINE_WITH_TEXT = /^\{"index":(\d+),"body":\{"salt":"[^"]{44}","text":"([0-9a-f]{32})"\}/gm

/** Ids of the texts that the lines from index `first` on show, one for each line. */
export function textIdsFrom(lines: string, first: number): string[] {
  return [...lines.matchAll(LINE_WITH_TEXT)]
    .filter(([, index]) => Number(index) >= first)
    .map(([, , id]) => id ?? '')
}

/** pg writes arrays of byte strings only for Buffers. */
function bytea(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
