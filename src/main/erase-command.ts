import { parseArgs } from 'node:util'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { openDatabase } from '../postgres/database.ts'
import { countErasures, type FinishedErasure, finishErasure } from '../register/finish-erasure.ts'
import type { RegisterTables } from '../register/tables.ts'
import { openDatabases } from './open-databases.ts'

const HELP = `Usage: avow erase [--finish] [--json]

Withdrawn and taken-down parts leave rows, files and pages before their event is public. What the database still holds of
them in its own files is removed by --finish: tables and write-ahead log are written anew. The running service does this
once a day; this command does it now. It joins the database of a running service or starts it.

  --finish  finish what can be finished; without it, only say what is unfinished
  --json    one JSON object on standard output instead of sentences

Exit: 0 nothing is left, 1 something is left, 2 a mistake in the command line, or no database.
`

type Output = { readonly write: (text: string) => unknown }
export type EraseIo = { readonly stdout: Output; readonly stderr: Output }

/** `avow erase --finish`: the last step of erasures. */
export async function eraseCommand(
  args: readonly string[],
  io: EraseIo = process,
): Promise<number> {
  let asked: { readonly finish: boolean; readonly json: boolean }
  try {
    const flag = { type: 'boolean', default: false } as const
    const options = { finish: flag, json: flag, help: flag }
    const { values } = parseArgs({ args: [...args], options })
    if (values.help) {
      io.stdout.write(HELP)
      return 0
    }
    asked = values
  } catch (error) {
    io.stderr.write(`avow erase: ${error instanceof Error ? error.message : error}\n\n${HELP}`)
    return 2
  }
  try {
    const done = await erase(asked.finish)
    const left = done.waiting + (asked.finish ? 0 : done.finished)
    io.stdout.write(asked.json ? toJson(done, asked.finish) : toText(done, asked.finish))
    return left === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow erase: ${error.message}\nNothing was finished.\n`)
    return 2
  }
}

async function erase(finish: boolean): Promise<FinishedErasure> {
  const config = await loadConfig(readEnv(process.env))
  await using databases = await openDatabases(config, await openSecrets(config.secretsFolder))
  await using owner = openDatabase<RegisterTables>(databases.ownerUrl, { max: 1 })
  return finish ? await finishErasure(owner) : await countErasures(owner)
}

function toText({ finished, waiting }: FinishedErasure, finish: boolean): string {
  const done = finish ? 'Finished' : 'Can be finished with --finish'
  const lines = [`${done}: ${finished}.`]
  if (waiting > 0)
    lines.push(`Wait for the publisher, which carries them out while it runs: ${waiting}.`)
  return `${lines.join('\n')}\n`
}

function toJson({ finished, waiting }: FinishedErasure, finish: boolean): string {
  const counts = finish ? { finished, waiting } : { unfinished: finished, waiting }
  return `${JSON.stringify(counts)}\n`
}
