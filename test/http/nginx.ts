import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

const TEMPLATE = new URL('../../scripts/nginx.conf', import.meta.url)
const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so'

/** Why nginx cannot be tested here, or false. With AVOW_REQUIRE_PEERS=1 that is a failure. */
export function missingNginx(): string | false {
  const missing =
    spawnSync('nginx', ['-v']).status === 0 && existsSync(BROTLI)
      ? false
      : 'nginx with brotli_static is not installed'
  if (missing && process.env['AVOW_REQUIRE_PEERS'] === '1') throw new Error(missing)
  return missing
}

export interface Nginx extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Stops the server behind nginx, as a crash would. */
  readonly stopOrigin: () => Promise<void>
  /** How many requests the server behind nginx has answered. */
  readonly originRequests: () => number
  /** Where nginx may write. */
  readonly runFolder: string
}

/** nginx with the configuration that operators are given, in front of `app`. */
export async function startNginx(publicFolder: string, app: Hono): Promise<Nginx> {
  let requests = 0
  const listener = getRequestListener(app.fetch)
  const origin = createServer((request, response) => {
    requests++
    return listener(request, response)
  })
  await using starting = new AsyncDisposableStack()
  const originPort = await listen(origin)
  starting.defer(() => close(origin))
  const port = await freePort()
  const runFolder = await mkdtemp(join(tmpdir(), 'avow-nginx-'))
  starting.defer(() => rm(runFolder, { recursive: true, force: true }))
  // Its workers run as another user than root.
  for (const folder of [runFolder, publicFolder, join(publicFolder, '..')]) {
    await chmod(folder, 0o755)
  }
  const file = join(runFolder, 'nginx.conf')
  const words = {
    RUN: runFolder,
    PUBLIC: publicFolder,
    UPSTREAM: `127.0.0.1:${originPort}`,
    LISTEN: `127.0.0.1:${port}`,
    NAME: 'localhost',
  }
  const template = await readFile(TEMPLATE, 'utf8')
  const text = Object.entries(words).reduce(
    (filled, [word, value]) => filled.replaceAll(`@${word}@`, value),
    template,
  )
  await writeFile(file, text)
  const child = spawn('nginx', ['-e', 'stderr', '-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  starting.defer(() => {
    child.kill('SIGQUIT')
    return ended
  })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries === 100 || child.exitCode !== null) throw new Error(`nginx: ${complaint}`)
    await sleep(50)
  }
  const running = starting.move()
  return {
    url: `http://127.0.0.1:${port}`,
    runFolder,
    stopOrigin: () => close(origin),
    originRequests: () => requests,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
