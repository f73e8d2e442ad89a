import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const READY = /Avow is ready at (http:\/\/\S+\/)/
const READY_TIMEOUT_MS = 60_000

/** The product as the README starts it, in folders of its own, on a free port. */
export interface Product extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string
  readonly folder: string
  /** One-time links printed by this start. */
  readonly invitations: readonly string[]
  /** Everything it has printed. */
  readonly output: () => string
  /** Ctrl-C: resolves when the last process has let go. */
  readonly stop: () => Promise<void>
  /** kill -9 of the whole service's main process; its database may survive it. */
  readonly kill: () => Promise<void>
}

export interface ProductOptions {
  /** Keeps and reuses a folder from an earlier start. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  readonly port?: number
  /** Runs everything as this user. */
  readonly uid?: number
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'avow-product-')))
  const child = spawn('npm', ['start', '--silent'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    env: {
      ...process.env,
      AVOW_PORT: String(options.port ?? 0),
      AVOW_DATA: join(folder, 'data'),
      AVOW_SECRETS: join(folder, 'secrets'),
      AVOW_CONFIG: join(folder, 'avow.json'),
      ...options.env,
    },
  })
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  // `close` and not `exit`: npm ends at the signal, our process holds the pipes until it is done.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await readyUrl(child, () => output)
  const stop = async () => {
    signalGroup(child, 'SIGINT')
    return ended
  }
  return {
    url,
    folder,
    invitations: [...output.matchAll(/http:\/\/\S+#\S+/g)].map(([link]) => link),
    output: () => output,
    stop,
    async kill() {
      signalGroup(child, 'SIGKILL')
      await ended
    },
    async [Symbol.asyncDispose]() {
      await stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The group holds npm and our Node; PostgreSQL has a session of its own and is stopped by us, not by the signal. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Gone between the check and the signal: what was wanted has happened.
  }
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = READY.exec(output())?.[1]
      if (found === undefined) return
      clearTimeout(late)
      resolve(found)
    }
    const late = setTimeout(
      () => reject(new Error(`the product did not become ready:\n${output()}`)),
      READY_TIMEOUT_MS,
    )
    child.stdout?.on('data', look)
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`the product ended with ${code}:\n${output()}`))
    })
  })
}
