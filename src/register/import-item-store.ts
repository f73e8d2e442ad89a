import { sql } from 'kysely'
import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { sealTo } from '../sealing/age.ts'
import { pad } from '../sealing/padding.ts'
import type { Sha256 } from '../tlog/hash.ts'
import {
  encodeSignedManifest,
  manifestHash,
  parseSignedManifest,
  type SignedManifest,
} from './import-manifest.ts'
import { encodeImportItem } from './import-part.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

export type ImportProgress = { readonly waiting: number; readonly published: number }

/** Files a signed manifest; afterwards its parts may follow. Filing it again changes nothing. */
export async function fileManifest(
  db: RegisterDatabase,
  signed: SignedManifest,
  sha256: Sha256,
): Promise<void> {
  const hash = fromHex(manifestHash(signed.manifest, sha256))
  const text = fromUtf8(encodeSignedManifest(signed))
  await db
    .insertInto('avow.import_manifest')
    .values({ hash, signed: text })
    .onConflict((row) => row.column('hash').doUpdateSet({ signed: text }))
    .execute()
}

/**
 * Seals a part to the publisher and files it. A part that was filed before is sealed again, because the publisher may
 * have a new key; one that is published or about to be is left alone.
 */
export async function filePart(
  db: RegisterDatabase,
  item: { readonly manifest: string; readonly part: number; readonly bytes: Uint8Array },
  recipient: string,
  sha256: Sha256,
): Promise<void> {
  const sealed = await sealTo([recipient], pad(encodeImportItem(item)))
  const recipientHash = sha256(utf8(recipient))
  await db
    .insertInto('avow.approved_item')
    .values({
      case_id: partCaseId(item.manifest, item.part, sha256),
      kind: 'import',
      centre: 'import',
      recipient_hash: recipientHash,
      sealed,
      due_hour: null,
      last_hour: null,
      state: 'waiting',
    })
    .onConflict((row) =>
      row
        .column('case_id')
        .doUpdateSet({ sealed, recipient_hash: recipientHash })
        .where('avow.approved_item.state', '=', 'waiting'),
    )
    .execute()
}

/** How far the publisher is with a manifest's parts. */
export async function readImportProgress(
  db: RegisterDatabase,
  { manifest }: SignedManifest,
  sha256: Sha256,
): Promise<ImportProgress> {
  const hash = manifestHash(manifest, sha256)
  const ids = manifest.parts.map((_, part) => partCaseId(hash, part, sha256))
  const { rows } = await sql<{ published: boolean; items: number }>`
    SELECT state = 'published' AS published, count(*) AS items FROM avow.approved_item
    WHERE case_id = ANY(${ids}::bytea[]) GROUP BY 1`.execute(db)
  const of = (published: boolean) => rows.find((row) => row.published === published)?.items ?? 0
  return { waiting: of(false), published: of(true) }
}

/** Undefined for a manifest that was never filed. */
export async function findManifest(
  db: RegisterDatabase,
  hash: string,
): Promise<SignedManifest | undefined> {
  const row = await db
    .selectFrom('avow.import_manifest')
    .select('signed')
    .where('hash', '=', Buffer.from(hash, 'hex'))
    .executeTakeFirst()
  return row === undefined ? undefined : parseSignedManifest(utf8(row.signed))
}

/** Which of these statements are in the register already. */
export async function findImported(
  db: RegisterDatabase,
  keys: readonly Uint8Array[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: Buffer }>`
    SELECT key FROM avow.imported_statement WHERE key = ANY(${keys}::bytea[])`.execute(db)
  return new Set(rows.map(({ key }) => toHex(key)))
}

/** In the transaction that assigns the indices. */
export async function markImported(
  tx: RegisterTransaction,
  keys: readonly Uint8Array[],
): Promise<void> {
  await sql`
    INSERT INTO avow.imported_statement SELECT * FROM unnest(${keys}::bytea[])`.execute(tx)
}

/** One part of one manifest is one item, however often it is filed. */
function partCaseId(manifest: string, part: number, sha256: Sha256): Buffer {
  const preimage = concatBytes(utf8('avow/import-part/v1\0'), fromHex(manifest), utf8(String(part)))
  return Buffer.from(sha256(preimage).subarray(0, 16))
}
