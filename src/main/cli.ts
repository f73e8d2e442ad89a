import { ENVIRONMENT } from '../config/env.ts'
import { COMMANDS } from './commands.ts'

const [name, ...args] = process.argv.slice(2)
process.exitCode = await run(name, args)

async function run(name: string | undefined, args: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(overview())
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    process.stderr.write(`avow: there is no command "${name}". "avow --help" lists them.\n`)
    return 2
  }
  return (await command.load())(args)
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((command) => command.length))
  const commands = Object.entries(COMMANDS).map(
    ([command, { summary }]) => `  ${command.padEnd(width)}  ${summary}`,
  )
  const names = Object.keys(ENVIRONMENT)
  const nameWidth = Math.max(...names.map((variable) => variable.length))
  const variables = Object.entries(ENVIRONMENT).map(
    ([variable, help]) => `  ${variable.padEnd(nameWidth)}  ${help}`,
  )
  return [
    'Usage: avow COMMAND [OPTIONS]     avow COMMAND --help',
    '',
    ...commands,
    '',
    'Exit: 0 fine, 1 a finding or a failure, 2 a mistake in the command line.',
    '',
    'Environment:',
    ...variables,
    '',
  ].join('\n')
}
