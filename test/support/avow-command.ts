import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface RunningCommand {
  /** What it said on each stream, once it has ended. */
  readonly ended: Promise<{
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }>
  readonly send: (signal: NodeJS.Signals) => void
}

/** Starts the command line as a person would; `input` is what stands on standard input. */
export function startAvow(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): RunningCommand {
  const child = spawn(join(ROOT, 'avow'), args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then(
    (code) => ({ code, stdout, stderr }),
  )
  return { ended, send: (signal) => child.kill(signal) }
}

/** Where a register in `folder` has its data, for the environment of a command. */
export function registerIn(folder: string): Readonly<Record<string, string>> {
  return {
    AVOW_DATA: join(folder, 'data'),
    AVOW_SECRETS: join(folder, 'secrets'),
    AVOW_CONFIG: join(folder, 'avow.json'),
    AVOW_PORT: '0',
  }
}
