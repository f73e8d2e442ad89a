import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PARTS = ['account', 'container', 'object'] as const

/** OpenStack Swift with its S3 interface, from Debian: object storage by other people, on one disk. */
export interface SwiftServer extends AsyncDisposable {
  readonly urlOf: (bucket: string) => string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

/** The reason for a skip, or false. A run that requires its peers must find it wherever it can be had. */
export function missingSwift(): string | false {
  if (process.getuid?.() !== 0) return 'only root may run the servers of OpenStack Swift'
  const found = ['proxy', ...PARTS].every(
    (part) => spawnSync('which', [`swift-${part}-server`]).status === 0,
  )
  if (found) return false
  const known = spawnSync('apt-cache', ['show', 'swift-proxy'], { stdio: 'ignore' }).status === 0
  if (!known) return 'this system offers no package of OpenStack Swift'
  if (process.env['AVOW_REQUIRE_PEERS'] === '1') throw new Error('swift is missing')
  return 'needs the Debian packages swift-proxy, swift-account, swift-container, swift-object'
}

export async function startSwift(): Promise<SwiftServer> {
  const folder = mkdtempSync(join(tmpdir(), 'avow-swift-'))
  mkdirSync(join(folder, 'disks/d1'), { recursive: true })
  const common = (port: number) =>
    `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = root\nswift_dir = ${folder}\nlog_level = CRITICAL\n`
  writeFileSync(
    join(folder, 'swift.conf'),
    '[swift-hash]\nswift_hash_path_prefix = test\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = one\ndefault = yes\n',
  )
  const ports: number[] = []
  for (const part of PARTS) {
    const port = await freePort()
    ports.push(port)
    const ring = (...args: readonly string[]) =>
      execFileSync('swift-ring-builder', [`${part}.builder`, ...args], {
        cwd: folder,
        stdio: 'ignore',
      })
    writeFileSync(
      join(folder, `${part}.conf`),
      `${common(port)}devices = ${folder}/disks\nmount_check = false\n[pipeline:main]\npipeline = ${part}-server\n[app:${part}-server]\nuse = egg:swift#${part}\n`,
    )
    ring('create', '4', '1', '0')
    ring('add', `r1z1-127.0.0.1:${port}/d1`, '1')
    ring('rebalance')
  }
  const port = await freePort()
  writeFileSync(
    join(folder, 'proxy.conf'),
    [
      common(port),
      '[pipeline:main]',
      'pipeline = catch_errors cache listing_formats s3api tempauth copy slo dlo proxy-server',
      '[app:proxy-server]',
      'use = egg:swift#proxy',
      'account_autocreate = true',
      '[filter:cache]',
      'use = egg:swift#memcache',
      'memcache_servers = 127.0.0.1:1',
      '[filter:tempauth]',
      'use = egg:swift#tempauth',
      'user_test_tester = testing .admin',
      ...['catch_errors', 'listing_formats', 's3api', 'copy', 'slo', 'dlo'].flatMap((name) => [
        `[filter:${name}]`,
        `use = egg:swift#${name}`,
      ]),
      '',
    ].join('\n'),
  )
  let children: ChildProcess[] = []
  const start = async () => {
    children = ['proxy', ...PARTS].map((part) =>
      spawn(`swift-${part}-server`, [join(folder, `${part}.conf`)], {
        stdio: 'ignore',
        env: { ...process.env, SWIFT_DIR: folder },
      }),
    )
    await Promise.all([...ports, port].map((each) => untilAnswers(`http://127.0.0.1:${each}/`)))
  }
  const stop = async () => {
    const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(ended)
    children = []
  }
  await start()
  return {
    urlOf: (bucket) => `http://127.0.0.1:${port}/${bucket}`,
    accessKeyId: 'test:tester',
    secretAccessKey: 'testing',
    region: 'us-east-1',
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await (await fetch(url)).text()
      return
    } catch (error) {
      if (attempt === 600) throw error
      await sleep(100)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
