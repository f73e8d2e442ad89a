import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { announceStart } from './announce-start.ts'
import { runCommand } from './command-line.ts'
import { runUntilSignal } from './run-until-signal.ts'
import { startService } from './start-service.ts'

const HELP = `Usage: avow start

Starts publisher, site, intake and desk in one process, with the embedded PostgreSQL unless DATABASE_URL is set,
and runs until Ctrl-C. The first start prints two one-time invitation links. "avow --help" lists the variables.
`

export async function startCommand(args: readonly string[]): Promise<number> {
  return runCommand(args, process, {
    name: 'start',
    help: HELP,
    shapes: {},
    read: ({ positionals }) => (positionals.length > 0 ? 'takes no argument' : {}),
    run: () => runUntilSignal('Avow', start),
  })
}

async function start() {
  const config = await loadConfig(readEnv(process.env))
  const secrets = await openSecrets(config.secretsFolder)
  const service = await startService(config, secrets, (line) => {
    process.stderr.write(line)
  })
  announceStart(process.stdout, { config, service, secretsMade: secrets.made })
  return service
}
