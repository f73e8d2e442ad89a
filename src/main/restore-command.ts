import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readEnv } from '../config/env.ts'
import { BackupError } from './backup/backup-error.ts'
import { PUBLIC_FOLDER, readManifest } from './backup/backup-manifest.ts'
import { loadBackup, requireWhole, unloadBackup } from './backup/read-backup.ts'
import { openCopy, openRegister, rebuildFrom } from './open-register.ts'
import { reportProblem } from './report-problem.ts'

const HELP = `Usage: avow restore BACKUP --identity FILE [--from FOLDER|URL] [--json]

Puts a backup back into an empty data folder (AVOW_DATA) or an empty database, with this register's secrets folder in
its place, and verifies everything that will be served. Refused when the witnesses have seen more than the backup: then
--from names a newer copy of the public files, and what was published, withdrawn or erased since the backup is replayed
from it before anything is served.

  --identity FILE     holds the age identity that the backup was sealed to
  --from FOLDER|URL   a newer copy than the backup's own: the public folder that is left, or a mirror
  --json              one JSON object on standard output instead of sentences

Exit: 0 restored, 1 refused, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
export type RestoreIo = { readonly stdout: Output; readonly stderr: Output }

export async function restoreCommand(
  args: readonly string[],
  io: RestoreIo = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow restore: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    const facts = await restore(options)
    io.stdout.write(
      options.json
        ? `${JSON.stringify(facts)}\n`
        : `Restored and verified: ${facts.declarations} declarations, ${facts.events} events. Start the service.\n`,
    )
    return 0
  } catch (error) {
    return reportProblem('avow restore', error, io.stderr)
  }
}

type Options = {
  readonly backup: string
  readonly identity: string
  readonly from: string | undefined
}

async function restore({ backup, identity, from }: Options) {
  const manifest = await readManifest(backup)
  const identities = await readIdentities(identity)
  await requireWhole(backup, manifest)
  await takeName(manifest.register)
  const copy = await openCopy(from ?? join(backup, PUBLIC_FOLDER))
  await using register = await openRegister()
  if (register.config.name !== manifest.register) {
    throw new BackupError('wrong_register', `the backup is of ${manifest.register}`)
  }
  await loadBackup(backup, manifest, register.databases.ownerUrl, identities)
  const { pair } = await rebuildFrom(register, copy, { restoredFrom: manifest.pair }).catch(
    async (error: unknown) => {
      await unloadBackup(register.databases.ownerUrl)
      throw error
    },
  )
  return { declarations: pair.declarations.size, events: pair.events.size, day: manifest.day }
}

/** A register's name is fixed at its first start; this is one that was started before. */
async function takeName(name: string): Promise<void> {
  const folder = resolve(readEnv(process.env).AVOW_DATA ?? 'data')
  const path = join(folder, 'name')
  if (existsSync(path)) return
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await writeFile(path, `${name}\n`)
}

async function readIdentities(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim())
  const found = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (found.length === 0) throw new BackupError('bad_identity', `${path} holds no age identity`)
  return found
}

function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        identity: { type: 'string' },
        from: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { identity = '', from, json = false, help = false } = values
    const [backup = '', ...more] = positionals
    if (!help && (backup === '' || more.length > 0)) return 'give one backup'
    if (!help && identity === '') return 'who opens it? give --identity FILE'
    return { backup, identity, from, json, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
