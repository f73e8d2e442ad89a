import { spawn, spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { missingNginx, startNginx } from '../test/http/nginx.ts'
import { openSiteHouse, variedRegister } from '../test/support/site-house.ts'

export type PageBenchOptions = {
  readonly size?: number
  readonly seconds?: number
  readonly report?: (line: string) => void
}

const CONNECTIONS = 64
const STATEMENT = '/en/declaration/0/'

type Load = { readonly perSecond: number; readonly p50Ms: number; readonly p99Ms: number }

/**
 * A statement page in demand from the built-in server; beside it, as lines of the report, statement pages drawn from
 * the whole register, of which each is rendered anew, and the pre-rendered front page through nginx. Baseline: a file
 * of the same bytes as the statement page through nginx, measured in the same run.
 */
export async function run({
  size = 3000,
  seconds = 5,
  report = () => {},
}: PageBenchOptions = {}): Promise<string> {
  const missing = missingNginx() || (spawnSync('wrk', ['-v']).error ? 'wrk is missing' : false)
  if (missing)
    throw new Error(`${missing}: apt-get install nginx-light libnginx-mod-http-brotli-static wrk`)
  await using house = await openSiteHouse()
  await house.publish(await variedRegister(size))
  const load = (url: string, among = 1) =>
    measure(url, among, seconds, join(house.publicFolder, '..'))
  await using builtIn = await listen(house.app)
  await using nginx = await startNginx(house.publicFolder, house.app)
  const statement = await (await house.get(STATEMENT)).arrayBuffer()
  const folder = join(house.publicFolder, 'en/same-bytes')
  await mkdir(folder)
  await writeFile(join(folder, 'index.html'), Buffer.from(statement))
  const home = await readFile(join(house.publicFolder, 'en/index.html'))
  await writeFile(join(folder, 'home.html'), home)

  // Baseline and candidate take turns, so that a machine that slows down slows both.
  const rounds = [0, 1]
  const baselines: Load[] = []
  const candidates: Load[] = []
  for (const _ of rounds) {
    baselines.push(await load(`${nginx.url}/en/same-bytes/index.html`))
    candidates.push(await load(builtIn.url + STATEMENT))
  }
  const baseline = mean(baselines.map(({ perSecond }) => perSecond))
  const value = mean(candidates.map(({ perSecond }) => perSecond))
  const spread = await load(`${builtIn.url}/en/declaration/`, size)
  report(`statement pages drawn from ${size}, built-in: ${line(spread)}`)
  const cached = await load(nginx.url + STATEMENT)
  report(`statement page through nginx: ${line(cached)}`)
  const homeFile = await load(`${nginx.url}/en/same-bytes/home.html`)
  const rendered = await load(`${nginx.url}/en/`)
  report(`front page through nginx: ${line(rendered)}, a file of its bytes: ${line(homeFile)}`)
  return JSON.stringify({
    bench: 'page',
    unit: 'pages/s',
    value: Math.round(value),
    baseline: Math.round(baseline),
    ratio: Number((value / baseline).toFixed(3)),
    p50Ms: Number(mean(candidates.map(({ p50Ms }) => p50Ms)).toFixed(2)),
    p99Ms: Number(mean(candidates.map(({ p99Ms }) => p99Ms)).toFixed(2)),
    size,
  })
}

/** One page, or with `among` the pages below `url` numbered from 0, asked for by wrk with one thread. */
async function measure(url: string, among: number, seconds: number, folder: string): Promise<Load> {
  const script = join(folder, 'draw.lua')
  const { pathname } = new URL(url)
  const draw = `request = function() return wrk.format("GET", "${pathname}" .. math.random(0, ${among - 1}) .. "/") end\n`
  await writeFile(script, among === 1 ? '' : draw)
  const options = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', '-s', script, url]
  const output = await runProcess('wrk', options)
  if (/Non-2xx/.test(output)) throw new Error(`errors under load:\n${output}`)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(output)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(output)),
  }
}

function milliseconds(match: RegExpExecArray | null): number {
  const [, value, unit] = match ?? []
  const factor = unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1
  return Number(value) * factor
}

function runProcess(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.once('error', reject)
    child.once('exit', () => resolve(output))
  })
}

async function listen(app: Hono): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function line({ perSecond, p50Ms, p99Ms }: Load): string {
  return `${Math.round(perSecond)}/s (p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms)`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
