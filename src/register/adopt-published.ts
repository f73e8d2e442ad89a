import { sql } from 'kysely'
import { fromBase64 } from '../encoding/base64.ts'
import { fromHex } from '../encoding/hex.ts'
import { closePublishedItems } from './approved-item-store.ts'
import type { ReadyDeclaration, ReviewedItem } from './reviewed-item.ts'
import type { RegisterDatabase } from './tables.ts'

/** Whether this database was rebuilt from public files and may hold items that are public already. */
export async function hasRebuiltLeaves(db: RegisterDatabase): Promise<boolean> {
  const row = await db.selectFrom('avow.rebuilt_leaf').select('idx').limit(1).executeTakeFirst()
  return row !== undefined
}

/**
 * An item whose declarations are in the log already is not published again: what only its receipts open is put in its
 * place, and its case is closed. Author commitments are salted, so two leaves never share one by chance; an item goes
 * out whole or not at all, so one known declaration means all.
 */
export async function adoptPublished(
  db: RegisterDatabase,
  { caseId, declarations }: ReviewedItem,
): Promise<'published' | 'waiting'> {
  const authors = declarations.map(authorOf)
  const { rows } = await sql<{ author: Buffer; idx: number; leaf: Buffer }>`
    SELECT author, idx, leaf FROM avow.rebuilt_leaf
    WHERE author = ANY(${authors}::bytea[])`.execute(db)
  if (rows.length === 0) return 'waiting'
  const logged = new Map(rows.map((row) => [row.author.toString('hex'), row]))
  const kept = declarations.flatMap((declaration, i) => {
    const row = logged.get(authors[i]?.toString('hex') ?? '')
    if (row === undefined || declaration.kept === null) return []
    const { lookup, sealed } = declaration.kept
    const { idx, leaf } = row
    return [{ lookup_hash: fromHex(lookup), idx, leaf, sealed: fromBase64(sealed) }]
  })
  await db.transaction().execute(async (tx) => {
    if (kept.length > 0) {
      await tx
        .insertInto('avow.kept_opening')
        .values(kept)
        .onConflict((row) => row.doNothing())
        .execute()
    }
    await closePublishedItems(tx, [caseId])
  })
  return 'published'
}

/** The commitment is the same wherever the leaf stands. */
function authorOf(declaration: ReadyDeclaration): Buffer {
  return Buffer.from(declaration.write({ index: 0, day: '1970-01-01', level: 0 }).leaf.author)
}
