import { sql } from 'kysely'
import {
  BUNDLE_WIDTH,
  type ContentLine,
  encodeContentLine,
  parseContentLine,
} from '../declaration/content.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

/** What is visible of one declaration, if anything is. */
export async function findContentLine(
  db: RegisterDatabase | RegisterTransaction,
  index: number,
): Promise<ContentLine | undefined> {
  const lines = await loadLines(db, Math.floor(index / BUNDLE_WIDTH))
  const line = lines.find((written) => indexOf(written) === index)
  return line === undefined ? undefined : parseContentLine(line)
}

/** Changes what is visible of one declaration, and returns what was before. */
export async function changeContentLine(
  tx: RegisterTransaction,
  index: number,
  change: (line: ContentLine) => ContentLine,
): Promise<ContentLine> {
  const bundle = Math.floor(index / BUNDLE_WIDTH)
  const lines = await loadLines(tx, bundle)
  const place = lines.findIndex((line) => indexOf(line) >= index)
  const at = place === -1 ? lines.length : place
  const known = lines[at] !== undefined && indexOf(lines[at]) === index ? lines[at] : undefined
  const before = known === undefined ? { index } : parseContentLine(known)
  const after = change(before)
  const written = hasParts(after) ? [encodeContentLine(after)] : []
  const all = lines.toSpliced(at, known === undefined ? 0 : 1, ...written)
  const bytes = utf8(all.map((line) => `${line}\n`).join(''))
  await tx
    .insertInto('avow.content_bundle')
    .values({ bundle, lines: bytes })
    .onConflict((row) => row.column('bundle').doUpdateSet({ lines: bytes }))
    .execute()
  return before
}

/** A text goes with its last visible member. Returns whether it went. */
export async function releaseText(
  tx: RegisterTransaction,
  textId: string,
): Promise<'gone' | 'shared'> {
  const id = Buffer.from(fromHex(textId))
  await sql`UPDATE avow.content_text SET members = members - 1 WHERE id = ${id}`.execute(tx)
  const gone = await sql`
    DELETE FROM avow.content_text WHERE id = ${id} AND members <= 0 RETURNING 1`.execute(tx)
  return gone.rows.length > 0 ? 'gone' : 'shared'
}

async function loadLines(
  db: RegisterDatabase | RegisterTransaction,
  bundle: number,
): Promise<readonly string[]> {
  const row = await db
    .selectFrom('avow.content_bundle')
    .select('lines')
    .where('bundle', '=', bundle)
    .executeTakeFirst()
  return row === undefined ? [] : fromUtf8(row.lines).split('\n').slice(0, -1)
}

function hasParts({ body, name, about }: ContentLine): boolean {
  return body !== undefined || name !== undefined || about !== undefined
}

function indexOf(line: string): number {
  return Number(/^\{"index":(\d+)/.exec(line)?.[1])
}
