import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import {
  BUNDLE_WIDTH,
  type ContentLine,
  contentPath,
  contentTextPath,
} from '../declaration/content.ts'
import { toHex } from '../encoding/hex.ts'
import { changeContentLine, releaseText } from './content-rows.ts'
import { syncFolders, writeDurably } from './durable-files.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

export const CONTENT_PARTS = ['body', 'name', 'about'] as const
export type ContentPart = (typeof CONTENT_PARTS)[number]

export type ErasingDeps = {
  readonly db: RegisterDatabase
  readonly publicFolder: string
  readonly scratch: string
  /** Renders without what is gone. Called again after a crash. */
  readonly onErased?: () => Promise<void>
}

/**
 * Takes parts out of the rows from which every content file is made, in the transaction that queues the event: from its
 * commit on nothing can bring them back, and files, pages and event follow however often we are killed.
 */
export async function eraseParts(
  tx: RegisterTransaction,
  index: number,
  parts: readonly ContentPart[],
): Promise<void> {
  if (parts.length === 0) return
  await sql`
    DELETE FROM avow.raised_part WHERE idx = ${index} AND part = ANY(${parts}::text[])`.execute(tx)
  const before = await changeContentLine(tx, index, (line) => without(line, parts))
  const body = parts.includes('body') ? before.body : undefined
  const textId = body?.kind === 'own' ? body.textId : undefined
  const gone = textId !== undefined && (await releaseText(tx, textId)) === 'gone' ? textId : null
  await sql`
    INSERT INTO avow.erasure (idx, text_id) VALUES (${index}, decode(${gone}, 'hex'))
    ON CONFLICT (idx) DO UPDATE SET stage = 'rows',
      text_id = coalesce(excluded.text_id, erasure.text_id)`.execute(tx)
}

/** Makes files and pages say what the rows say. Done before the event: nobody is sent to what is about to go. */
export async function eraseFiles({
  db,
  publicFolder,
  scratch,
  onErased,
}: ErasingDeps): Promise<void> {
  const erased = await db
    .selectFrom('avow.erasure')
    .select(['idx', 'text_id'])
    .where('stage', '=', 'rows')
    .execute()
  if (erased.length === 0) return
  await writeContentFiles(db, new Set(erased.map(({ idx }) => Math.floor(idx / BUNDLE_WIDTH))), {
    publicFolder,
    scratch,
  })
  const texts = erased.flatMap(({ text_id }) => (text_id === null ? [] : [toHex(text_id)]))
  const paths = texts.map((id) => join(publicFolder, contentTextPath(id)))
  for (const path of paths) await rm(path, { force: true })
  if (paths.length > 0) await syncFolders(paths.map(dirname))
  await onErased?.()
  const indices = erased.map(({ idx }) => idx)
  await sql`
    UPDATE avow.erasure SET stage = 'files'
    WHERE stage = 'rows' AND idx = ANY(${indices}::bigint[])`.execute(db)
}

/** In the transaction that gives the events their places. */
export async function markErasuresLogged(tx: RegisterTransaction): Promise<void> {
  await sql`UPDATE avow.erasure SET stage = 'logged' WHERE stage = 'files'`.execute(tx)
}

/** Content files of these bundles, from their rows. */
export async function writeContentFiles(
  db: RegisterDatabase,
  bundles: ReadonlySet<number>,
  { publicFolder, scratch }: Pick<ErasingDeps, 'publicFolder' | 'scratch'>,
): Promise<void> {
  const rows = await db
    .selectFrom('avow.content_bundle')
    .selectAll()
    .where('bundle', 'in', [...bundles])
    .execute()
  const files = rows.map(({ bundle, lines }) => ({
    path: join(publicFolder, contentPath(bundle)),
    bytes: lines,
  }))
  await writeDurably(files, scratch)
}

function without(line: ContentLine, parts: readonly ContentPart[]): ContentLine {
  const { index, body, name, about } = line
  return {
    index,
    ...(body === undefined || parts.includes('body') ? {} : { body }),
    ...(name === undefined || parts.includes('name') ? {} : { name }),
    ...(about === undefined || parts.includes('about') ? {} : { about }),
  }
}
