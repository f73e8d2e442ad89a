import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formHash, parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { fromHex } from '../../src/encoding/hex.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { RegisterError } from '../../src/register/error.ts'
import { loadLogKeys, loadStagingKey } from '../../src/register/log-keys.ts'
import { type Publisher, type PublisherDeps, runPublisher } from '../../src/register/publisher.ts'
import type { RegisterTables } from '../../src/register/tables.ts'
import { REGISTER, random, sha256 } from '../support/register-house.ts'

/**
 * A publisher in a process of its own that has everything loaded and waits for a line on its standard input; then it
 * publishes whatever is due until it is killed. It says `open` when it has taken over the register, and `problem CODE`
 * for whatever goes wrong: nobody here causes any.
 */
const [databaseUrl = '', folder = '', root = '', identity = '', witnessUrl = '', vkey = ''] =
  process.argv.slice(2)
const formPath = new URL('../../registers/quit-ccp/form.json', import.meta.url)
const form = parseFormDefinition(await readFile(formPath, 'utf8'))
const deps: PublisherDeps = {
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
  witnesses: {
    addresses: [{ url: witnessUrl, vkey }],
    policyLines: `witness w ${vkey}\nquorum w\n`,
    fetch,
  },
  clock: () => new Date(),
  random,
  sha256,
  pollMs: 1,
  onProblem: (problem) =>
    say(`problem ${String(problem instanceof Error ? (problem.cause ?? problem) : problem)}`),
}
say('loaded')
await once(process.stdin, 'data')
try {
  await using _publisher = await startOnceFree()
  say('open')
  await once(process.stdin, 'end')
} catch (error) {
  say(`problem at start ${String(error)}`)
}

/** The database lets go of a dead writer's lock once it has noticed that its connection is gone. */
async function startOnceFree(): Promise<Publisher> {
  for (;;) {
    try {
      return await runPublisher(deps)
    } catch (error) {
      if (!(error instanceof RegisterError) || error.code !== 'second_writer') throw error
      await sleep(2)
    }
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
