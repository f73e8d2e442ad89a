import { type Kysely, sql } from 'kysely'
import type { PaddedEnvelope, SealedEnvelope } from './envelope.ts'
import type { SealedGroup } from './epoch-sealer.ts'
import type { IntakeTables } from './tables.ts'

/** One centre's part of a commit group: `envelopes[i]` is sealed as `sealed.rows[i]`. */
export interface StoredGroup {
  readonly envelopes: readonly PaddedEnvelope[]
  readonly sealed: SealedGroup
}

/**
 * One statement, so one transaction: epoch rows, receipts and envelopes are on disk together or not at all.
 * What is known already is left as it is, and nobody is told: the role may not read which rows were new.
 */
export async function insertGroups(
  db: Kysely<IntakeTables>,
  groups: readonly StoredGroup[],
  sealedBySender: readonly SealedEnvelope[],
  day: string,
): Promise<void> {
  const stored = [...groups.flatMap((group) => group.envelopes), ...sealedBySender]
  const statement = sql`
    WITH ${epochRows(groups, day)}
    receipts AS (
      INSERT INTO avow.receipt (lookup_hash, envelope, person, alone)
      SELECT * FROM ${receiptRows(stored)}
      ON CONFLICT DO NOTHING)
    INSERT INTO avow.envelope
      (id, centre, line, channel, language, day, size_class, sealing, epoch, row_index, sealed)
    VALUES ${sql.join([...groups.flatMap((group) => groupRows(group, day)), ...sealedBySender.map((one) => senderRow(one, day))])}
    ON CONFLICT DO NOTHING`
  await statement.execute(db)
}

function epochRows(groups: readonly StoredGroup[], day: string) {
  const rows = groups.flatMap(({ sealed: { centre, epochRow } }) =>
    epochRow === undefined
      ? []
      : [sql`(${epochRow.id}, ${centre}, ${epochRow.sealedStart}, ${day})`],
  )
  if (rows.length === 0) return sql``
  return sql`epochs AS (
      INSERT INTO avow.epoch (id, centre, sealed_start, day) VALUES ${sql.join(rows)}),`
}

// Arrays keep a group of hundreds of persons within PostgreSQL's 65,535 parameters.
function receiptRows(stored: readonly (PaddedEnvelope | SealedEnvelope)[]) {
  const rows = stored.flatMap(({ id, receipts }) => receipts.map((receipt) => ({ id, ...receipt })))
  const hashes = rows.map((row) => Buffer.from(row.lookupHash))
  const envelopes = rows.map((row) => Buffer.from(row.id))
  const persons = rows.map((row) => row.person)
  const alone = rows.map((row) => row.alone ?? false)
  return sql`unnest(${hashes}::bytea[], ${envelopes}::bytea[], ${persons}::integer[], ${alone}::boolean[])`
}

function groupRows({ envelopes, sealed }: StoredGroup, day: string) {
  return envelopes.flatMap((envelope, i) => {
    const row = sealed.rows[i]
    if (row === undefined) return []
    return [
      sql`(${envelope.id}, ${envelope.centre}, ${envelope.line}, ${envelope.channel},
        ${envelope.language}, ${day}, ${envelope.padded.length}, 'epoch', ${sealed.epochId}, ${row.index},
        ${row.ciphertext})`,
    ]
  })
}

function senderRow(envelope: SealedEnvelope, day: string) {
  const { id, centre, line, channel, language, sizeClass, file } = envelope
  return sql`(${id}, ${centre}, ${line}, ${channel}, ${language}, ${day}, ${sizeClass}, 'age', NULL,
    NULL, ${file})`
}
