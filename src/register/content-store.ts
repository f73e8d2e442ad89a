import { join } from 'node:path'
import { sql } from 'kysely'
import { fromBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import { entriesPath, TILE_WIDTH } from '../tlog/tile.ts'
import type { BatchContent } from './batch-content.ts'
import { type NamedBytes, writeDurably } from './durable-files.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** `content/<bundle>`, numbered as the entry bundles are. */
export function contentPath(bundle: number): string {
  return `content/${entriesPath(bundle).slice('tile/entries/'.length)}`
}

export function textPath(textId: string): string {
  return `content/texts/${textId}`
}

/** Puts a batch's visible parts, texts and kept openings into their rows. The caller's transaction makes sure it runs once. */
export async function applyContentRows(
  tx: RegisterTransaction,
  content: BatchContent,
): Promise<void> {
  const bundles = linesByBundle(content)
  await sql`
    INSERT INTO avow.content_bundle (bundle, lines)
    SELECT * FROM unnest(${[...bundles.keys()]}::bigint[], ${[...bundles.values()]}::bytea[])
    ON CONFLICT (bundle) DO UPDATE SET lines = content_bundle.lines || excluded.lines`.execute(tx)
  const { texts, kept } = content
  await sql`
    INSERT INTO avow.content_text (id, body, members)
    SELECT * FROM unnest(${texts.map(({ id }) => bytea(fromHex(id)))}::bytea[],
      ${texts.map(({ body }) => body)}::text[], ${texts.map(({ members }) => members)}::integer[])
    ON CONFLICT (id) DO UPDATE SET members = content_text.members + excluded.members`.execute(tx)
  // Items with a receipt that is taken were refused before; one that slipped through must not stop the log for ever.
  await sql`
    INSERT INTO avow.kept_opening (lookup_hash, idx, sealed)
    SELECT * FROM unnest(${kept.map(({ lookup }) => bytea(fromHex(lookup)))}::bytea[],
      ${kept.map(({ index }) => index)}::bigint[],
      ${kept.map(({ sealed }) => bytea(fromBase64(sealed)))}::bytea[])
    ON CONFLICT (lookup_hash) DO NOTHING`.execute(tx)
}

/** Writes the content files of the bundles that hold [first, size), and the texts these declarations show. */
export async function serveContentFiles(
  db: RegisterDatabase,
  range: { readonly first: number; readonly size: number },
  folders: { readonly publicFolder: string; readonly scratch: string },
): Promise<void> {
  const firstBundle = Math.floor(range.first / TILE_WIDTH)
  const rows = await db
    .selectFrom('avow.content_bundle')
    .selectAll()
    .where('bundle', '>=', firstBundle)
    .where('bundle', '<', Math.ceil(range.size / TILE_WIDTH))
    .execute()
  const textIds = rows.flatMap(({ lines }) => textIdsFrom(fromUtf8(lines), range.first))
  const files = [
    ...(await textFiles(db, [...new Set(textIds)])),
    ...rows.map(({ bundle, lines }) => ({ path: contentPath(bundle), bytes: lines })),
  ]
  await writeDurably(
    files.map(({ path, bytes }) => ({ path: join(folders.publicFolder, path), bytes })),
    folders.scratch,
  )
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
  return rows.map(({ id, body }) => ({ path: textPath(id.toString('hex')), bytes: utf8(body) }))
}

function linesByBundle({ first, lines }: BatchContent): Map<number, Buffer> {
  const bundles = new Map<number, Buffer>()
  for (let at = 0; at < lines.length; ) {
    const bundle = Math.floor((first + at) / TILE_WIDTH)
    const end = (bundle + 1) * TILE_WIDTH - first
    bundles.set(bundle, Buffer.from(`${lines.slice(at, end).join('\n')}\n`))
    at = end
  }
  return bundles
}

// A quote inside a name or a text is escaped in JSON, so only the member itself matches.
const LINE_WITH_TEXT = /^\{"index":(\d+),"body":\{"salt":"[^"]{44}","text":"([0-9a-f]{32})"\}/gm

function textIdsFrom(lines: string, first: number): string[] {
  return [...lines.matchAll(LINE_WITH_TEXT)]
    .filter(([, index]) => Number(index) >= first)
    .map(([, , id]) => id ?? '')
}

/** pg writes arrays of byte strings only for Buffers. */
function bytea(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
