import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formHash, parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { nodeXChaCha20Poly1305 } from '../../src/intake/node-aead.ts'
import { clock, random, sha256 } from '../../src/main/world.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { loadLogKeys, loadStagingKey } from '../../src/register/log-keys.ts'
import { Sequencer } from '../../src/register/sequencer.ts'
import type { RegisterTables } from '../../src/register/tables.ts'
import { startTestDatabase } from '../../test/support/test-database.ts'
import { cpuTimeOfChildren } from './cpu-time.ts'
import { madeItems } from './made-items.ts'
import { timeBaseline } from './sequencing-baseline.ts'

export const BENCH_REGISTER = 'localhost/bench'
const FORM = new URL('../../registers/quit-ccp/form.json', import.meta.url)

export interface BenchRegister extends AsyncDisposable {
  readonly folder: string
  readonly ownerUrl: string
  /** Publishes a batch made for it, after its baseline. */
  readonly publish: (batchSize: number) => Promise<PublishingCost>
}

export interface PublishingCost {
  readonly ms: number
  readonly baseMs: number
  /** Of this process and of the database; the steadier figure where others use the machine. */
  readonly cpuMs: number
}

/** A register of its own, the database with it, in a temporary folder. */
export async function openBenchRegister(): Promise<BenchRegister> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const { urls, ownerUrl } = opening.use(await startTestDatabase())
  const db = opening.use(openDatabase<RegisterTables>(urls.avow_publisher, { max: 4 }))
  const form = parseFormDefinition(await readFile(FORM, 'utf8'))
  const formId = formHash(form, sha256)
  const sequencer = opening.use(
    await Sequencer.open({
      db,
      databaseUrl: urls.avow_publisher,
      config: {
        name: BENCH_REGISTER,
        publicFolder: join(folder, 'public'),
        stagingFolder: join(folder, 'staging'),
        form,
        formHash: formId,
      },
      logKeys: await loadLogKeys(join(folder, 'secrets'), BENCH_REGISTER, random),
      stagingKey: await loadStagingKey(join(folder, 'secrets'), random),
      clock,
      random,
      sha256,
      aead: nodeXChaCha20Poly1305,
    }),
  )
  const opened = opening.move()
  return {
    folder,
    ownerUrl,
    async publish(batchSize) {
      const items = madeItems(formId, batchSize)
      const baseMs = await timeBaseline(items, join(folder, 'baseline'))
      const cpuBefore = usedCpuMs()
      const start = performance.now()
      await sequencer.publishItems(items, { kind: 'approvals', auditors: [] })
      const ms = performance.now() - start
      return { ms, baseMs, cpuMs: usedCpuMs() - cpuBefore }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function usedCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 + cpuTimeOfChildren(() => true).databaseMs
}
