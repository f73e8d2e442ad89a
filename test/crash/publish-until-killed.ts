import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formHash, parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { fromHex } from '../../src/encoding/hex.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { loadLogKeys, loadStagingKey } from '../../src/register/log-keys.ts'
import { runPublisher } from '../../src/register/publisher.ts'
import type { RegisterTables } from '../../src/register/tables.ts'
import { REGISTER, random, sha256 } from '../support/register-house.ts'

/** A publisher in a process of its own, which kills itself without warning after one step of one log. */
const [databaseUrl = '', folder = '', root = '', identity = '', log, step] = process.argv.slice(2)
const formPath = new URL('../../registers/quit-ccp/form.json', import.meta.url)
const form = parseFormDefinition(await readFile(formPath, 'utf8'))
await using publisher = await runPublisher({
  db: openDatabase<RegisterTables>(databaseUrl, { max: 4 }),
  databaseUrl,
  config: {
    name: REGISTER,
    publicFolder: join(folder, 'data/public'),
    stagingFolder: join(folder, 'data/staging'),
    form,
    formHash: formHash(form, sha256),
    notBefore: { minHours: 0, maxHours: 0, minStatements: 1, maxDays: 0 },
    acts: { minActs: 1, maxDays: 0, withdrawHours: 0 },
    sample: false,
  },
  rootPublicKey: fromHex(root),
  identity,
  logKeys: await loadLogKeys(join(folder, 'secrets'), REGISTER, random),
  stagingKey: await loadStagingKey(join(folder, 'secrets'), random),
  clock: () => new Date('2026-03-01T10:00:00Z'),
  random,
  sha256,
  testingOnlyAfterStep(doneLog, doneStep) {
    if (doneLog === log && String(doneStep) === step) process.kill(process.pid, 'SIGKILL')
  },
})
await publisher.runRound()
