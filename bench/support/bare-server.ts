import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { openDatabase } from '../../src/postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../src/postgres/embedded.ts'
import { type CpuTime, cpuTimeOfChildren } from './cpu-time.ts'

const PASSWORD = 'only-for-benches'

export interface BareServer extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly pid: number
  readonly cpuTime: () => CpuTime
}

/** Starts the bare handler with a database of its own. */
export async function startBareServer(): Promise<BareServer> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bare-'))
  const child = fork(join(import.meta.dirname, 'bare-handler.ts'), [
    join(folder, 'postgres'),
    PASSWORD,
  ])
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the bare handler ended with ${code}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    pid: child.pid ?? 0,
    cpuTime: () => cpuTimeOfChildren((pid) => pid === child.pid),
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function openBareDatabase({ folder }: BareServer): Promise<Kysely<unknown>> {
  return openAsOwner(join(folder, 'postgres'), PASSWORD, 'postgres')
}

/** Joins a running embedded server as the one who owns everything in it: to fill tables, and to count afterwards. */
export async function openAsOwner(
  folder: string,
  password: string,
  database: string,
): Promise<Kysely<unknown>> {
  const server = await startEmbedded(folder, password)
  return openDatabase(server.urlOf(CLUSTER_OWNER, password, database), { max: 1 })
}
