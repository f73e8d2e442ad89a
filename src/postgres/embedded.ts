import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Launcher, prepareBinaries } from './binaries.ts'
import { PostgresError } from './error.ts'
import { serverSettings } from './server-settings.ts'

export interface EmbeddedServer extends AsyncDisposable {
  /** Connects as the owner of the cluster to `database`. */
  readonly urlOf: (user: string, password: string, database: string) => string
  /** `started` when this process started it, `joined` when it was already running. */
  readonly how: 'started' | 'joined'
  /** How the server avoids running as root, for the start message. */
  readonly launcher: Launcher['kind']
}

const READY_TIMEOUT_MS = 30_000
export const CLUSTER_OWNER = 'avow_owner'

/**
 * A real PostgreSQL in `folder`, on a Unix socket only. A cluster that is already running there (another command, or the
 * survivor of a killed parent) is joined instead; whoever started it stops it.
 */
export async function startEmbedded(
  folder: string,
  ownerPassword: string,
): Promise<EmbeddedServer> {
  const cluster = resolve(folder)
  const launcher = await prepareBinaries(cluster)
  if (!existsSync(join(cluster, 'PG_VERSION')))
    await createCluster(cluster, ownerPassword, launcher)
  const socketFolder = await socketFolderOf(cluster)
  const urlOf = (user: string, password: string, database: string) =>
    `postgresql://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(socketFolder)}`
  const probe = urlOf(CLUSTER_OWNER, ownerPassword, 'postgres')

  if ((await runningServer(cluster)) !== undefined) {
    await waitUntilReady(probe, () => undefined)
    return { urlOf, how: 'joined', launcher: launcher.kind, [Symbol.asyncDispose]: async () => {} }
  }
  await clearDeadLocks(cluster, socketFolder)
  await launch(cluster, socketFolder, launcher, probe)
  return {
    urlOf,
    how: 'started',
    launcher: launcher.kind,
    [Symbol.asyncDispose]: () => stopEmbedded(cluster),
  }
}

/** Fast shutdown: open transactions roll back, everything committed is on disk. */
export async function stopEmbedded(folder: string): Promise<void> {
  const pid = await runningServer(resolve(folder))
  if (pid === undefined) return
  process.kill(pid, 'SIGINT')
  while (await serves(pid, resolve(folder))) await sleep(20)
}

async function createCluster(cluster: string, password: string, launcher: Launcher) {
  // Made beside and renamed, so that a crash in the middle never leaves half a cluster that looks whole.
  const fresh = `${cluster}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true, mode: 0o700 })
  launcher.own(fresh)
  // Through a pipe that the unprivileged shell makes itself: the password is never a file, and nobody may open root's pipes.
  const command = launcher.run([
    ...['sh', '-c', 'cat | "$@"', 'sh', launcher.binary('initdb')],
    ...['-D', fresh, '-U', CLUSTER_OWNER, '-A', 'scram-sha-256', '--pwfile=/dev/stdin'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ])
  try {
    execFileSync(command[0] ?? 'sh', command.slice(1), {
      input: `${password}\n`,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    })
  } catch (cause) {
    throw new PostgresError('initdb_failed', 'initdb could not make the database folder', { cause })
  }
  await rename(fresh, cluster)
}

async function launch(cluster: string, sockets: string, launcher: Launcher, probe: string) {
  const settings = serverSettings(sockets).flatMap((setting) => ['-c', setting])
  launcher.own(sockets)
  const [command, ...args] = launcher.run([launcher.binary('postgres'), '-D', cluster, ...settings])
  // A session of its own: Ctrl-C reaches us alone, and we stop the server after the rooms are done with it.
  const child = spawn(command ?? 'postgres', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  })
  let complaint = ''
  let ended = false
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000)
  })
  child.on('error', (error) => {
    complaint += error.message
    ended = true
  })
  child.on('exit', () => {
    ended = true
  })
  child.unref()
  await waitUntilReady(probe, () => (ended ? complaint.trim() || 'it ended at once' : undefined))
}

async function waitUntilReady(url: string, failure: () => string | undefined): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (cause) {
      await client.end().catch(() => {})
      const why = failure()
      if (why !== undefined) throw new PostgresError('start_failed', why, { cause })
      if (isWrongPassword(cause)) {
        throw new PostgresError('wrong_password', 'the secrets do not fit this database', { cause })
      }
      if (performance.now() > deadline) {
        throw new PostgresError('start_timeout', 'the database did not become ready', { cause })
      }
      await sleep(20)
    }
  }
}

function isWrongPassword(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && cause.code === '28P01'
}

/** The pid of the living server that owns this folder. A pid that now belongs to a stranger does not count. */
async function runningServer(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return pid > 1 && (await serves(pid, cluster)) ? pid : undefined
}

/**
 * Takes away what a killed server left: PostgreSQL itself would take a zombie, or a stranger with the old pid, for a living
 * server. Its orphaned backends end by themselves; none may still be there, since they share its memory.
 */
async function clearDeadLocks(cluster: string, socketFolder: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
    const alive = await Promise.all(pids.map((pid) => serves(pid, cluster)))
    if (!alive.includes(true)) break
    if (performance.now() > deadline) {
      throw new PostgresError(
        'start_failed',
        'processes of a killed server still hold the database',
      )
    }
    await sleep(50)
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    await rm(join(socketFolder, name), { force: true })
  }
}

/** Process titles are off, so every process of a server carries its command line; a zombie has none. */
async function serves(pid: number, cluster: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return commandLine.includes(`-D\0${cluster}\0`)
}

/** A Unix socket path holds 107 bytes, so deep folders get a short one under the system's temporary folder. */
async function socketFolderOf(cluster: string): Promise<string> {
  const beside = `${cluster}-run`
  const short = join(
    tmpdir(),
    `avow-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`,
  )
  const folder = beside.length <= 85 ? beside : short
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}
