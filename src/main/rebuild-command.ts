import { parseArgs } from 'node:util'
import { openCopy, openRegister, rebuildFrom } from './open-register.ts'
import { reportProblem } from './report-problem.ts'

const HELP = `Usage: avow rebuild --from FOLDER|URL [--json]

Makes this register continue from a copy of its public files: the public folder that is left when the database is lost,
a mirror or a backup when the public folder is lost, whichever is newest. Stop the service first.

The copy is verified whole, by this register's own keys and witnesses, before anything is replaced. It is refused when
it is older than this database or than what the witnesses have seen. What is not public cannot come back this way:
submissions, cases, receipts and accounts come from "avow restore".

  --from FOLDER|URL   a folder that holds a copy of the site's root, or a site's address
  --json              one JSON object on standard output instead of sentences

Exit: 0 rebuilt, 1 refused, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
export type RebuildIo = { readonly stdout: Output; readonly stderr: Output }

export async function rebuildCommand(
  args: readonly string[],
  io: RebuildIo = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow rebuild: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    const copy = await openCopy(options.from)
    await using register = await openRegister()
    const { pair, replaced } = await rebuildFrom(register, copy)
    const facts = { declarations: pair.declarations.size, events: pair.events.size, replaced }
    io.stdout.write(
      options.json
        ? `${JSON.stringify(facts)}\n`
        : `Rebuilt from ${copy.name}: ${facts.declarations} declarations, ${facts.events} events. Start the service.\n`,
    )
    return 0
  } catch (error) {
    return reportProblem('avow rebuild', error, io.stderr)
  }
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { from = '', json = false, help = false } = values
    if (!help && from === '') return 'from which copy? give --from FOLDER or --from URL'
    return { from, json, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
