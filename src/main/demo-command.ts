import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { runCommand } from './command-line.ts'
import { announceDemo } from './demo/announce-demo.ts'
import { demoConfig } from './demo/demo-config.ts'
import { fillDemo } from './demo/fill-demo.ts'
import { runUntilSignal } from './run-until-signal.ts'
import { startService } from './start-service.ts'

const HELP = `Usage: avow demo

Starts a sample register in ./demo-data and ./demo-secrets (or AVOW_DATA and AVOW_SECRETS) and fills it with made-up
declarations, volunteers and cases the first time. Runs until Ctrl-C; the next run continues where this one ended.
`

export async function demoCommand(args: readonly string[]): Promise<number> {
  return runCommand(args, process, {
    name: 'demo',
    help: HELP,
    shapes: {},
    read: ({ positionals }) => (positionals.length > 0 ? 'takes no argument' : {}),
    run: () => runUntilSignal('Avow', start),
  })
}

async function start() {
  const config = await demoConfig(readEnv(process.env))
  const secrets = await openSecrets(config.secretsFolder)
  const service = await startService(config, secrets, (line) => {
    process.stderr.write(line)
  })
  try {
    const signIns = await fillDemo({
      config,
      secrets,
      service,
      report: (line) => process.stdout.write(`${line}\n`),
    })
    announceDemo(process.stdout, { config, service, signIns })
    return service
  } catch (error) {
    await service[Symbol.asyncDispose]()
    throw error
  }
}
