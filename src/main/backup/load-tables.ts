import type pg from 'pg'
import { BackupError } from './backup-error.ts'

const BATCH_MAX_BYTES = 4 * 1024 * 1024
/** One row: a sealed submission of the largest class as hexadecimal digits. */
const LINE_MAX_BYTES = 256 * 1024 * 1024

/** Puts the rows of a dump into the tables of the client's open transaction. Returns how many there were of each. */
export async function loadTables(
  client: pg.ClientBase,
  bytes: ReadableStream<Uint8Array>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  let table: { name: string; columns: string } | undefined
  let batch: string[] = []
  let size = 0
  const flush = async () => {
    if (table === undefined || batch.length === 0) return
    const { name, columns } = table
    await client.query(
      `INSERT INTO avow.${quote(name)} (${columns})
       SELECT ${columns} FROM json_populate_recordset(NULL::avow.${quote(name)}, $1::json)`,
      [`[${batch.join(',')}]`],
    )
    counts.set(name, (counts.get(name) ?? 0) + batch.length)
    batch = []
    size = 0
  }
  for await (const line of linesOf(bytes)) {
    const header = /^\{"table":"([a-z_]+)","columns":(\[.*\])\}$/.exec(line)
    if (header === null) {
      if (table === undefined) {
        if (line === 'avow/dump/v1') continue
        throw new BackupError('bad_backup', 'the file is not a dump of ours')
      }
      batch.push(line)
      size += line.length
      if (size >= BATCH_MAX_BYTES) await flush()
      continue
    }
    await flush()
    const [, name = '', written = '[]'] = header
    table = { name, columns: (JSON.parse(written) as string[]).map(quote).join(', ') }
    counts.set(name, 0)
  }
  await flush()
  return counts
}

async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_MAX_BYTES) throw new BackupError('bad_backup', 'a row is too long')
    yield* lines
  }
  if (rest !== '') throw new BackupError('bad_backup', 'the dump is cut')
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
