import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { brandBytes, fromUtf8 } from '../../encoding/bytes.ts'
import { openDatabase } from '../../postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../postgres/embedded.ts'
import { actIdentity } from '../../register/act-recipient.ts'
import { identityFromSeed, openWith, openWithPassphrase } from '../../sealing/age.ts'
import { openRows } from '../../sealing/epoch.ts'
import { stretchPassphrase } from '../../sealing/keyring.ts'
import { unpad } from '../../sealing/padding.ts'

export interface OpeningPass {
  readonly secrets: number
  readonly ciphertexts: number
  /** `table.column`, or a file, of each ciphertext that a secret found on the disk opened. */
  readonly opened: readonly string[]
  /** What was opened and the threat model says so: acts in flight, and the texts that came out of them. */
  readonly openedActs: readonly string[]
}

interface Ciphertext {
  readonly where: string
  readonly bytes: Uint8Array
  readonly row?: { readonly centre: string; readonly epoch: Uint8Array; readonly index: number }
}

const AGE_FILE = Buffer.from('age-encryption.org/v1\n')
/** A restart has to open what an author asked for before it, and nobody is left to seal it again. */
const ACTS_IN_FLIGHT = 'pending_act.sealed'
const IDENTITY = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{40,}/g

/**
 * Tries every secret that lies in the folders of a stopped service on every ciphertext of its database: as an age seed or
 * identity, as a passphrase, as the start of an epoch. `plus` adds what is on no disk, to show that the pass can open.
 */
export async function tryEverySecret(
  folder: string,
  plus?: { readonly volunteer: string; readonly passphrase: string },
): Promise<OpeningPass> {
  const owner = readFileSync(join(folder, 'secrets/database-owner'), 'utf8').trim()
  await using server = await startEmbedded(join(folder, 'data/postgres'), owner)
  await using db = openDatabase<unknown>(server.urlOf(CLUSTER_OWNER, owner, 'avow'), { max: 1 })
  const ciphertexts = [...(await readCiphertexts(db)), ...readSealedFiles(folder)]
  const texts = secretTexts(folder)
  if (plus !== undefined) {
    texts.push((await stretchPassphrase(plus.passphrase, plus.volunteer)).filePassphrase)
  }
  const seeds = texts.flatMap(seedsOf)
  const identities = [
    ...texts.filter((text) => text.startsWith('AGE-')),
    ...seeds.map(identityFromSeed),
    ...seeds.map(actIdentity),
  ]
  const opened = [...(await listStaged(db))]
  const openedActs: string[] = []
  for (const ciphertext of ciphertexts) {
    const plain = await openAny(ciphertext, { texts, seeds, identities })
    if (plain === undefined) continue
    if (ciphertext.where === ACTS_IN_FLIGHT) openedActs.push(fromUtf8(unpad(plain)))
    else opened.push(ciphertext.where)
  }
  const secrets = texts.length + seeds.length
  return { secrets, ciphertexts: ciphertexts.length, opened, openedActs }
}

async function openAny(
  { bytes, row }: Ciphertext,
  secrets: {
    texts: readonly string[]
    seeds: readonly Uint8Array[]
    identities: readonly string[]
  },
): Promise<Uint8Array | undefined> {
  if (row === undefined) {
    const ways = [
      openWith([...secrets.identities], bytes),
      ...secrets.texts.map((text) => openWithPassphrase(text, bytes)),
    ]
    return Promise.any(ways).catch(() => undefined)
  }
  for (const seed of secrets.seeds) {
    try {
      const start = brandBytes(seed, 'StartKey', 32)
      const sealed = { index: row.index, ciphertext: bytes }
      return openRows(start, row.centre, row.epoch, [sealed])[0]?.plaintext
    } catch {
      // Not this one.
    }
  }
  return undefined
}

/** Sealed under the staging key itself, which lies in the secrets folder: a batch, or what an act shows, on its way. */
async function listStaged(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ where: string }>`
    SELECT 'staged_batch.sealed_content' AS where FROM avow.staged_batch
      WHERE sealed_content IS NOT NULL
    UNION ALL SELECT 'raised_part.sealed' FROM avow.raised_part WHERE length(sealed) > 0`.execute(
    db,
  )
  return rows.map(({ where }) => where)
}

/** Sealed files that lie beside the database: backups, and whatever else is there. */
function readSealedFiles(folder: string): Ciphertext[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return []
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    const isSealed = bytes.subarray(0, AGE_FILE.length).equals(AGE_FILE)
    return isSealed ? [{ where: entry.name, bytes: Uint8Array.from(bytes) }] : []
  })
}

async function readCiphertexts(db: Kysely<unknown>): Promise<readonly Ciphertext[]> {
  const found: Ciphertext[] = []
  const columns = await sql<{ table: string; column: string }>`
    SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'avow' AND c.data_type = 'bytea' AND t.table_type = 'BASE TABLE'`.execute(
    db,
  )
  for (const { table, column } of columns.rows) {
    const { rows } = await sql<{ bytes: Buffer }>`
      SELECT ${sql.ref(column)} AS bytes FROM ${sql.table(`avow.${table}`)}
        WHERE ${sql.ref(column)} IS NOT NULL`.execute(db)
    for (const { bytes } of rows) {
      if (bytes.subarray(0, AGE_FILE.length).equals(AGE_FILE)) {
        found.push({ where: `${table}.${column}`, bytes: Uint8Array.from(bytes) })
      }
    }
  }
  const { rows } = await sql<{ centre: string; epoch: Buffer; row_index: number; sealed: Buffer }>`
    SELECT centre, epoch, row_index, sealed FROM avow.envelope
    WHERE length(sealed) > 0 AND sealing = 'epoch'`.execute(db)
  for (const { centre, epoch, row_index, sealed } of rows) {
    found.push({
      where: 'envelope.sealed',
      bytes: Uint8Array.from(sealed),
      row: { centre, epoch: Uint8Array.from(epoch), index: row_index },
    })
  }
  return found
}

function secretTexts(folder: string): string[] {
  const texts: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = readFileSync(join(entry.parentPath, entry.name), 'latin1')
    if (entry.parentPath.startsWith(join(folder, 'secrets'))) texts.push(content.trim())
    texts.push(...(content.match(IDENTITY) ?? []))
  }
  return texts
}

/** Whatever of a secret's text could be 32 bytes: hex, base64, or the last part of a note key. */
function seedsOf(text: string): Uint8Array[] {
  const parts = [text, ...text.split('+')]
  return parts.flatMap((part) =>
    [Buffer.from(part, 'hex'), Buffer.from(part, 'base64')].flatMap((bytes) =>
      bytes.length === 32 || bytes.length === 33 ? [Uint8Array.from(bytes.subarray(-32))] : [],
    ),
  )
}
