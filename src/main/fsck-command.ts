import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { openDatabase } from '../postgres/database.ts'
import type { FsckReport } from '../register/fsck.ts'
import { fsckSettled } from '../register/fsck-settled.ts'
import { loadLogKeys } from '../register/log-keys.ts'
import type { RegisterTables } from '../register/tables.ts'
import { witnessing } from '../register/witnessing.ts'
import { startLocalWitness } from './local-witness.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { openDatabases } from './open-databases.ts'
import { openFolder } from './verify-folder.ts'
import { clock, random, sha256 } from './world.ts'

const HELP = `Usage: avow fsck [--json]

Compares the database of this register with the files it serves and both with the signed checkpoints, and names every
difference. Joins the database of a running service or starts it. Changes nothing.

  --json    one JSON object on standard output instead of sentences

Exit: 0 no difference, 1 differences, 2 a mistake in the command line, or nothing that can be compared.
`

type Output = { readonly write: (text: string) => unknown }
export type FsckIo = { readonly stdout: Output; readonly stderr: Output }

/** `avow fsck`: database against files against checkpoints. */
export async function fsckCommand(args: readonly string[], io: FsckIo = process): Promise<number> {
  let json = false
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...args], options })
    if (values.help) {
      io.stdout.write(HELP)
      return 0
    }
    json = values.json ?? false
  } catch (error) {
    io.stderr.write(`avow fsck: ${error instanceof Error ? error.message : error}\n\n${HELP}`)
    return 2
  }
  try {
    const report = await compare()
    io.stdout.write(json ? toJson(report) : toText(report))
    return report.differences.found === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow fsck: ${error.message}\nNothing was compared.\n`)
    return 2
  }
}

async function compare(): Promise<FsckReport> {
  const config = await loadConfig(readEnv(process.env))
  // Before any database: a folder that holds no register is said to be none, and none is made.
  const { read, list } = await openFolder(config.publicFolder)
  const secrets = await openSecrets(config.secretsFolder)
  await using databases = await openDatabases(config, secrets)
  await using db = openDatabase<RegisterTables>(databases.urls.avow_publisher, { max: 2 })
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  const witnesses = await startLocalWitness(config, logKeys, () => undefined)
  const { policy } = witnessing(logKeys, witnesses, { clock, sha256 })
  const deps = { db, read, list, policy, sha256, ed25519Verify: nativeEd25519Verify }
  // Awaited here: the database that this command started closes at the end of the block.
  return await fsckSettled(deps, wait)
}

function toText({ evidence, differences }: FsckReport): string {
  if (evidence !== null && differences.found === 0) {
    const { declarations, events } = evidence.pair
    return `No difference: ${declarations.size} declarations and ${events.size} events, and every row and file of them.\n`
  }
  return [
    `${differences.found} difference${differences.found === 1 ? '' : 's'}:`,
    ...differences.listed.map(({ code, where, message }) => `  ${where}: ${message} (${code})`),
    ...(differences.listed.length < differences.found ? ['  and more like these.'] : []),
    '',
  ].join('\n')
}

function toJson({ evidence, differences }: FsckReport): string {
  const result = differences.found === 0 ? 'equal' : 'differences'
  return `${JSON.stringify({
    result,
    declarations: evidence?.pair.declarations.size ?? null,
    events: evidence?.pair.events.size ?? null,
    found: differences.found,
    differences: differences.listed,
  })}\n`
}
