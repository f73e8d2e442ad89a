import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const CLI = join(import.meta.dirname, '../cli.ts')
const READY = /Avow is ready at (http:\/\/\S+\/)/
const READY_TIMEOUT_MS = 120_000

/** The whole service as `avow start` runs it, in a process of its own that can be killed. */
export interface ChildService extends AsyncDisposable {
  readonly url: string
  readonly invitations: readonly string[]
  /** Everything it has printed. */
  readonly output: () => string
  readonly stop: () => Promise<void>
  /** As a power cut: neither the service nor its database gets to finish anything. */
  readonly cutPower: () => Promise<void>
}

export async function startChildService(folder: string): Promise<ChildService> {
  const child = spawnAvow(folder, ['start'])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const cutPower = async () => {
    child.kill('SIGKILL')
    await killDatabase(join(folder, 'data/postgres/postmaster.pid'))
    await ended
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await untilReady(() => output, child)
  return {
    url,
    invitations: [...output.matchAll(/http:\/\/\S+#\S+/g)].map(([link]) => link),
    output: () => output,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
    cutPower,
    // Nothing of a drill that failed goes on.
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await cutPower()
    },
  }
}

/** One command beside the service. Throws unless it ends well; returns everything it printed. */
export async function runBeside(folder: string, args: readonly string[]): Promise<string> {
  const child = spawnAvow(folder, args)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`avow ${args.join(' ')} ended with ${code}: ${output}`)
  return output
}

function spawnAvow(folder: string, args: readonly string[]) {
  return spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      AVOW_PORT: '0',
      AVOW_DATA: join(folder, 'data'),
      AVOW_SECRETS: join(folder, 'secrets'),
      AVOW_CONFIG: join(folder, 'avow.json'),
    },
  })
}

async function untilReady(
  output: () => string,
  child: { readonly exitCode: number | null },
): Promise<string> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const found = READY.exec(output())?.[1]
    if (found !== undefined) return found
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`the service did not become ready:\n${output()}`)
    }
    await sleep(50)
  }
}

/** Every process of the server at once: with only the first killed, the others would still write. */
async function killDatabase(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  signal(pid, 'SIGQUIT')
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    if (!signal(pid, 0)) return
    await sleep(50)
  }
  signal(pid, 'SIGKILL')
}

function signal(pid: number, what: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, what)
  } catch {
    return false
  }
}
