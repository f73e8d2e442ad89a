import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

// Days stay text: a Date object would bring back a time and the machine's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('bigint beyond safe integers')
  return value
})

/** One pool for one role. Rooms give the type of the tables they may touch. */
export function openDatabase<Tables>(
  url: string,
  options: { readonly max: number },
): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: url, max: options.max, application_name: '' })
  // A connection that breaks while nobody uses it concerns nobody: the next use opens another. A query's error reaches its
  // caller; without these listeners Node would end the process for the rest.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
