import { join } from 'node:path'
import { sql } from 'kysely'
import { type Opening, saltFromBase64 } from '../declaration/commitment.ts'
import { BUNDLE_WIDTH, type ContentLine, contentTextPath } from '../declaration/content.ts'
import { parseBody, parseName } from '../declaration/values.ts'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { openWithKey, sealWithKey } from '../sealing/keyed-seal.ts'
import { changeContentLine, findContentLine } from './content-rows.ts'
import { writeDurably } from './durable-files.ts'
import { writeContentFiles } from './erase-content.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

export type RaisedPart = Opening & { readonly index: number; readonly part: 'body' | 'name' }

export type RaisingDeps = {
  readonly db: RegisterDatabase
  readonly publicFolder: string
  readonly scratch: string
  readonly stagingKey: Uint8Array
}

/** Keeps an opening that its author publishes until the event that says so is public. */
export async function insertRaised(
  tx: RegisterTransaction,
  { index, part, salt, value }: RaisedPart,
  stagingKey: Uint8Array,
  random: (length: number) => Uint8Array,
): Promise<void> {
  const written = { salt: toBase64(salt), value: toBase64(value), textId: toHex(random(16)) }
  const bytes = utf8(JSON.stringify(written))
  const sealed = sealWithKey(stagingKey, raisedContext(index, part), bytes, random)
  await tx
    .insertInto('avow.raised_part')
    .values({ idx: index, part, sealed })
    .onConflict((row) => row.columns(['idx', 'part']).doUpdateSet({ sealed, stage: 'waiting' }))
    .execute()
}

/** In the transaction that gives the events their places. */
export async function markRaisedLogged(tx: RegisterTransaction): Promise<void> {
  await sql`UPDATE avow.raised_part SET stage = 'logged' WHERE stage = 'waiting'`.execute(tx)
}

/**
 * What logged events promised becomes visible, with their pair. A crash leaves parts in rows whose files are not
 * written; they are written again, because the row goes last.
 */
export async function showRaised(deps: RaisingDeps): Promise<void> {
  const { db, publicFolder, scratch } = deps
  const raised = await db
    .selectFrom('avow.raised_part')
    .selectAll()
    .where('stage', '<>', 'waiting')
    .execute()
  if (raised.length === 0) return
  await db.transaction().execute(async (tx) => {
    for (const row of raised) {
      if (row.stage !== 'logged') continue
      await putIntoRows(tx, row.idx, row.part, openRaised(row, deps))
      await tx
        .updateTable('avow.raised_part')
        .set({ stage: 'in-rows', sealed: new Uint8Array() })
        .where('idx', '=', row.idx)
        .where('part', '=', row.part)
        .execute()
    }
  })
  const indices = raised.map(({ idx }) => idx)
  await writeTexts(indices, deps)
  await writeContentFiles(db, new Set(indices.map((index) => Math.floor(index / BUNDLE_WIDTH))), {
    publicFolder,
    scratch,
  })
  await sql`
    DELETE FROM avow.raised_part
    WHERE stage = 'in-rows' AND idx = ANY(${indices}::bigint[])`.execute(db)
}

type OpenedPart = Opening & { readonly textId: string }

function openRaised(
  row: { readonly idx: number; readonly part: 'body' | 'name'; readonly sealed: Uint8Array },
  { stagingKey }: RaisingDeps,
): OpenedPart {
  const bytes = openWithKey(stagingKey, raisedContext(row.idx, row.part), row.sealed)
  const { salt, value, textId }: { salt: string; value: string; textId: string } = JSON.parse(
    fromUtf8(bytes),
  )
  return { salt: saltFromBase64(salt), value: fromBase64(value), textId }
}

async function putIntoRows(
  tx: RegisterTransaction,
  index: number,
  part: 'body' | 'name',
  { salt, value, textId }: OpenedPart,
): Promise<void> {
  if (part === 'name') {
    const name = { salt, value: parseName(value) }
    await changeContentLine(tx, index, (line) => ({ ...line, name }))
    return
  }
  const text = parseBody(value)
  const body: ContentLine['body'] =
    text.kind === 'own'
      ? { kind: 'own', salt, textId }
      : { kind: 'standard', salt, language: text.language, id: text.id }
  await changeContentLine(tx, index, (line) => ({ ...line, body }))
  if (text.kind === 'own') {
    // A text of its own, also where others show the same words: nothing says any more that they came together.
    await tx
      .insertInto('avow.content_text')
      .values({ id: fromHex(textId), body: fromUtf8(value), members: 1 })
      .execute()
  }
}

/** The texts that these declarations show. */
async function writeTexts(
  indices: readonly number[],
  { db, publicFolder, scratch }: RaisingDeps,
): Promise<void> {
  const ids = new Set<string>()
  for (const index of indices) {
    const body = (await findContentLine(db, index))?.body
    if (body?.kind === 'own') ids.add(body.textId)
  }
  if (ids.size === 0) return
  const rows = await db
    .selectFrom('avow.content_text')
    .selectAll()
    .where(
      'id',
      'in',
      [...ids].map((id) => Buffer.from(fromHex(id))),
    )
    .execute()
  const files = rows.map(({ id, body }) => ({
    path: join(publicFolder, contentTextPath(toHex(id))),
    bytes: utf8(body),
  }))
  await writeDurably(files, scratch)
}

// Opens for the part it was made for only.
function raisedContext(index: number, part: string): string {
  return `avow/raised-part/v1\n${index}\n${part}`
}
