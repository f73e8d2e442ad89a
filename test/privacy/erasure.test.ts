import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { plantedText } from '../../src/main/drill/canary.ts'
import { actOnPage } from '../../src/main/drill/receipt-visitor.ts'
import { refreshStatistics } from '../../src/main/drill/refresh-statistics.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { send, walkForm } from '../../src/main/drill/web-visitor.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../src/postgres/embedded.ts'
import { registerIn, startAvow } from '../support/avow-command.ts'
import { type Product, startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'

const PATIENCE_MS = 120_000
const STAYS = plantedText('stays')
const GONE = ['first text', 'first name', 'second text', 'second name'].map(plantedText)
const gone = (name: string) => GONE.find((one) => one.name === name)?.text ?? assert.fail(name)

test('what its author took back is in no byte of the data folder once the erasure is finished', {
  timeout: 600_000,
}, async (t) => {
  await using product = await startProduct()
  const { url, folder } = product
  const { desk: proposer } = await becomeVolunteer(product.invitations[0] ?? '', 'alder')
  const { desk: decider } = await becomeVolunteer(product.invitations[1] ?? '', 'birch')
  const file = async (text: string, name: string) =>
    send(url, await walkForm(url, { text, name, consents: ['text', 'name'] }))
  const first = await file(gone('first text'), gone('first name'))
  const second = await file(gone('second text'), gone('second name'))
  await file(STAYS.text, 'Sample Reed')
  assert.equal(await proposeAll(proposer), 3)
  assert.equal(await approveAll(decider), 3)
  await untilCount(url, 3)
  // PostgreSQL does this by itself sooner or later, and keeps samples of what it read.
  await refreshStatistics(folder)

  await t.test('before, it is found, so the search can find it', async () => {
    const found = new Set((await search(product)).map(({ canary }) => canary))
    for (const { name } of [STAYS, ...GONE]) assert.ok(found.has(name), name)
  })

  await actOnPage(url, first, 'withdraw')
  await actOnPage(url, second, 'take-down-text')
  await actOnPage(url, second, 'take-down-name')
  await until(async () => {
    const answers = await Promise.all(
      [0, 1, 2].map(async (index) => (await fetch(`${url}en/declaration/${index}/`)).text()),
    )
    return GONE.every(({ text }) => answers.every((page) => !page.includes(text)))
  })

  await t.test(
    'the last step says so, finishes what waits, and then nothing is left to do',
    async () => {
      await until(async () => (await erase(folder, ['--finish'])).code === 0)
      const after = await erase(folder, ['--json'])
      assert.deepEqual(JSON.parse(after.stdout), { unfinished: 0, waiting: 0 })
      assert.equal(after.code, 0)
    },
  )
  await t.test('then no byte of it is anywhere, in any encoding', async () => {
    const found = await search(product)
    assert.deepEqual(
      found.filter(({ canary }) => canary !== STAYS.name),
      [],
    )
    assert.ok(found.some(({ canary, file }) => canary === STAYS.name && file.includes('/public/')))
  })
  await t.test(
    'nor of the ciphertext in which it was staged: those tables have no page left',
    async () => {
      const owner = readFileSync(join(folder, 'secrets/database-owner'), 'utf8').trim()
      await using server = await startEmbedded(join(folder, 'data/postgres'), owner)
      await using db = openDatabase<unknown>(server.urlOf(CLUSTER_OWNER, owner, 'avow'), { max: 1 })
      const { rows } = await sql<{ table: string; bytes: number }>`
      SELECT relname AS "table",
        (pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0))::integer AS bytes
      FROM pg_class WHERE oid = ANY(ARRAY['avow.staged_batch', 'avow.raised_part',
        'avow.pending_act', 'avow.draft', 'avow.proposal']::regclass[])`.execute(db)
      assert.equal(rows.length, 5)
      assert.deepEqual(
        rows.filter(({ bytes }) => bytes > 0),
        [],
      )
    },
  )
})

test('the service finishes erasures by itself when it starts', { timeout: 600_000 }, async () => {
  await using product = await startProduct()
  const { url, folder } = product
  const { desk: proposer } = await becomeVolunteer(product.invitations[0] ?? '', 'alder')
  const { desk: decider } = await becomeVolunteer(product.invitations[1] ?? '', 'birch')
  const planted = plantedText('withdrawn')
  const page = await walkForm(url, { text: planted.text, consents: ['text'] })
  const receipt = await send(url, page)
  await proposeAll(proposer)
  await approveAll(decider)
  await untilCount(url, 1)
  await actOnPage(url, receipt, 'withdraw')
  await until(async () => (await erase(folder, ['--json'])).stdout.includes('"unfinished":1'))
  await product.stop()
  await using again = await startProduct({ folder })
  await until(async () => {
    const { stdout } = await erase(folder, ['--json'])
    return stdout === '{"unfinished":0,"waiting":0}\n'
  })
  const found = await searchFolders([join(folder, 'data'), join(folder, 'secrets')], [planted])
  assert.deepEqual(found.sightings, [])
  await again.stop()
})

async function search({ folder }: Product) {
  const folders = [join(folder, 'data'), join(folder, 'secrets')]
  return (await searchFolders(folders, [STAYS, ...GONE])).sightings
}

function erase(folder: string, args: readonly string[]) {
  return startAvow(['erase', ...args], registerIn(folder)).ended
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error('it did not happen')
    await sleep(200)
  }
}
