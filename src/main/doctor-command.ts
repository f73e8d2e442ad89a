import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkDisk, checkNginx, checkSecrets } from './doctor/check-folders.ts'
import { checkMachine } from './doctor/check-machine.ts'
import type { Finding } from './doctor/finding.ts'
import { clock } from './world.ts'

const HELP = `Usage: avow doctor [--nginx FILE] [--json]

Looks at the machine a register runs on: core dumps, swap, clock, the database's settings, who may open the secrets, the
disk reserve. Changes nothing; joins the database of a running service or starts it for a moment.

  --nginx FILE   also looks at the configuration of the server in front
  --json         one JSON object on standard output instead of sentences

Exit: 0 nothing wrong, 1 something is, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
export type DoctorIo = { readonly stdout: Output; readonly stderr: Output }

/** `avow doctor`. */
export async function doctorCommand(
  args: readonly string[],
  io: DoctorIo = process,
): Promise<number> {
  let json = false
  let nginx: string | undefined
  try {
    const options = {
      nginx: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    if (values.help) {
      io.stdout.write(HELP)
      return 0
    }
    json = values.json ?? false
    nginx = values.nginx
  } catch (error) {
    io.stderr.write(`avow doctor: ${error instanceof Error ? error.message : error}\n\n${HELP}`)
    return 2
  }
  const findings = await examine(nginx)
  io.stdout.write(json ? `${JSON.stringify({ findings })}\n` : toText(findings))
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0
}

async function examine(nginx: string | undefined): Promise<readonly Finding[]> {
  const findings = [...(await checkMachine('/', clock()))]
  if (nginx !== undefined) findings.push(await checkNginx(nginx))
  const env = readEnv(process.env)
  // Reading the configuration fixes the name of a new register; looking must not.
  if (!existsSync(join(resolve(env.AVOW_DATA ?? 'data'), 'name'))) {
    return [...findings, { check: 'register', state: 'unknown', says: 'there is none here yet' }]
  }
  const config = await loadConfig(env)
  findings.push(await checkSecrets(config.secretsFolder, config.dataFolder))
  findings.push(await checkDisk(config.dataFolder, config.intake.diskReserve))
  findings.push(await checkDatabase(config))
  return findings
}

const WORD = { fine: 'fine   ', wrong: 'WRONG  ', unknown: 'unknown' }

function toText(findings: readonly Finding[]): string {
  return findings.map(({ check, state, says }) => `${WORD[state]}  ${check}: ${says}\n`).join('')
}
