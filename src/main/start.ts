import { startCommand } from './start-command.ts'

process.exitCode = await startCommand(process.argv.slice(2))
