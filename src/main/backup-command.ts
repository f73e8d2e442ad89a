import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { BackupManifest } from './backup/backup-manifest.ts'
import { writeBackup } from './backup/write-backup.ts'
import { openRegister } from './open-register.ts'
import { reportProblem } from './report-problem.ts'
import { openFolder } from './verify-folder.ts'
import { clock } from './world.ts'

const HELP = `Usage: avow backup --out FOLDER --to RECIPIENT [--to RECIPIENT]… [--json]

Writes or renews a backup of this register in FOLDER: the database's rows sealed with age to the operator's recipients,
and a verified copy of the public files. Runs beside the service or without it.

  register.age      accounts, directory, approvals, audit: keep as long as you keep backups
  submissions.age   sealed submissions, cases and receipts: keep no copy of it for longer than 14 days
  public/           the public files, erasures applied
  backup.json       counts and hashes; a folder without it is not a backup

  --out FOLDER      may be a folder with an older backup of this register, which is renewed
  --to RECIPIENT    age recipient (age1…), or a file that holds some; its identity stays away from this machine
  --json            the manifest on standard output instead of sentences

Not in it: the secrets folder, which is copied once and kept elsewhere, and the note signed last, which must not be put
back. Exit: 0 written, 1 refused, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
export type BackupIo = { readonly stdout: Output; readonly stderr: Output }

export async function backupCommand(
  args: readonly string[],
  io: BackupIo = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow backup: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    const recipients = (await Promise.all(options.to.map(readRecipients))).flat()
    await using register = await openRegister()
    const { config, databases, witnessing } = register
    const manifest = await writeBackup({
      ownerUrl: databases.ownerUrl,
      read: (await openFolder(config.publicFolder)).read,
      policy: witnessing.policy,
      folder: options.out,
      recipients,
      register: config.name,
      clock,
    })
    io.stdout.write(options.json ? `${JSON.stringify(manifest)}\n` : toText(options.out, manifest))
    return 0
  } catch (error) {
    return reportProblem('avow backup', error, io.stderr)
  }
}

async function readRecipients(given: string): Promise<string[]> {
  if (given.startsWith('age1')) return [given]
  const lines = (await readFile(given, 'utf8')).split('\n').map((line) => line.trim())
  const found = lines.filter((line) => line.startsWith('age1'))
  if (found.length === 0) throw new Error(`${given} holds no age recipient`)
  return found
}

function toText(folder: string, { pair, rows, public: files }: BackupManifest): string {
  const sum = Object.values(rows).flatMap((tables) => Object.values(tables))
  const total = sum.reduce((all, count) => all + count, 0)
  return `Backup in ${folder}: ${pair.declarations} declarations, ${pair.events} events, ${total} rows, ${files.files} public files, verified.\n`
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        to: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { out = '', to = [], json = false, help = false } = values
    if (!help && out === '') return 'where to? give --out FOLDER'
    if (!help && to.length === 0) return 'sealed to whom? give --to RECIPIENT'
    return { out, to, json, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
