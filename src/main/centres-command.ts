import { open } from 'node:fs/promises'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { centreTotals, encodeCentreList } from '../declaration/centre-list.ts'
import { ImportError } from '../importing/error.ts'
import { CENTRE_COLUMNS, CENTRES_CSV_MAX_BYTES, readCentres } from '../importing/read-centres.ts'
import { openDatabase } from '../postgres/database.ts'
import { storeWantedCentres } from '../register/public-centres.ts'
import type { RegisterTables } from '../register/tables.ts'
import { runCommand } from './command-line.ts'
import { openDatabases } from './open-databases.ts'

const HELP = `Usage: avow centres FILE.csv [--check]

Makes a table of centres public: a page of the site, a map, and the file log/centres, whose hash goes into the event
log with the next publication. The whole list is replaced by what is in FILE; centres whose column "public" says no
are left out, and nothing of them is kept.

One row a line of a centre; the centre's own columns in its first row. Columns:
  ${CENTRE_COLUMNS.join(', ')}
Hours are written "mo-fr 09:00-17:00; sa 10:00-12:00" in the centre's time zone, holidays 2026-12-25, several
of anything separated by blanks. UTF-8, as a spreadsheet saves "CSV UTF-8".

  --check    read FILE and say what is in it; change nothing

Exit: 0 done, 1 something in FILE is not right, 2 a mistake in the command line.
`

/** `avow centres`: from a spreadsheet to the public list. */
export async function centresCommand(args: readonly string[]): Promise<number> {
  return runCommand(args, process, {
    name: 'centres',
    help: HELP,
    shapes: { check: { type: 'boolean', default: false } },
    read: ({ values: { check }, positionals: [file, ...more] }) =>
      file === undefined || more.length > 0 ? 'which file?' : { file, check },
    run: async ({ file, check }) => {
      process.stdout.write(`${await publish(file, check)}\n`)
      return 0
    },
    afterFailure: 'Nothing was changed.\n',
  })
}

async function publish(file: string, check: boolean): Promise<string> {
  const { list, kept } = readCentres(await readBounded(file))
  const { centres, countries } = centreTotals(list)
  const found = `${centres} public centres in ${countries} countries; ${kept} left out.`
  if (check) return found
  const config = await loadConfig(readEnv(process.env))
  const secrets = await openSecrets(config.secretsFolder)
  await using databases = await openDatabases(config, secrets)
  await using db = openDatabase<RegisterTables>(databases.urls.avow_publisher, { max: 1 })
  await storeWantedCentres(db, encodeCentreList(list))
  return `${found} A running service publishes them at once, any other when it starts.`
}

async function readBounded(path: string): Promise<Uint8Array> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size > CENTRES_CSV_MAX_BYTES) throw new ImportError('bad_line', 'the file is too large')
  return file.readFile()
}
