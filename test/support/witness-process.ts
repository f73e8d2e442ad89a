import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const ENTRY = join(import.meta.dirname, '../../src/main/witness.ts')
const READY = /Witness is ready at http:\/\/127\.0\.0\.1:(\d+)\//
const READY_TIMEOUT_MS = 20_000

/** `avow witness` as a process of its own, on a free port. */
export interface WitnessProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Everything it has printed. */
  readonly output: () => string
  /** kill -9. */
  readonly kill: () => Promise<void>
  /** Ctrl-C; resolves with the exit code. */
  readonly stop: () => Promise<number | null>
}

/** `launcher` comes before Node on the command line, to start it in a world of its own. */
export async function startWitness(
  args: readonly string[],
  launcher: readonly string[] = [],
): Promise<WitnessProcess> {
  const [command = process.execPath, ...rest] = [
    ...launcher,
    process.execPath,
    ENTRY,
    ...args,
    '--listen',
    '127.0.0.1:0',
  ]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const port = await readyPort(child, () => output)
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGINT'),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}

function readyPort(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the witness ${why}:\n${output()}`))
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      fail('did not become ready')
    }, READY_TIMEOUT_MS)
    child.stdout?.on('data', () => {
      const port = READY.exec(output())?.[1]
      if (port === undefined) return
      clearTimeout(late)
      resolve(port)
    })
    child.once('exit', (code) => {
      clearTimeout(late)
      fail(`ended with ${code}`)
    })
  })
}
