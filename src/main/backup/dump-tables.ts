import { Readable } from 'node:stream'
import type pg from 'pg'
import { utf8 } from '../../encoding/bytes.ts'
import type { Table } from './table-groups.ts'

const ROWS_AT_ONCE = 200

export type Dump = {
  readonly bytes: ReadableStream<Uint8Array>
  /** Rows by table, complete once the stream has ended. */
  readonly rows: ReadonlyMap<string, number>
}

/**
 * The rows of these tables in the client's open transaction, as lines: `{"table","columns"}`, then one JSON object a
 * row, as PostgreSQL itself writes and reads it. Only so many rows are in memory as fit one answer.
 */
export function dumpTables(client: pg.ClientBase, tables: readonly Table[]): Dump {
  const rows = new Map<string, number>()
  const lines = Readable.from(linesOf(client, tables, rows), { objectMode: false })
  return { bytes: Readable.toWeb(lines) as ReadableStream<Uint8Array>, rows }
}

async function* linesOf(
  client: pg.ClientBase,
  tables: readonly Table[],
  counts: Map<string, number>,
): AsyncGenerator<Uint8Array> {
  yield utf8('avow/dump/v1\n')
  for (const { name, columns } of tables) {
    yield utf8(`${JSON.stringify({ table: name, columns })}\n`)
    counts.set(name, 0)
    await client.query(
      `DECLARE dump NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row FROM avow.${quote(name)} t`,
    )
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_ONCE} FROM dump`)
      if (rows.length === 0) break
      counts.set(name, (counts.get(name) ?? 0) + rows.length)
      yield utf8(rows.map(({ row }) => `${row}\n`).join(''))
    }
    await client.query('CLOSE dump')
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
