import { witnessCommand } from './witness-command.ts'

process.exitCode = await witnessCommand(process.argv.slice(2))
