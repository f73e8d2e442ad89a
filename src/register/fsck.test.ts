import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openServed } from '../../test/support/check-log.ts'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  sha256,
} from '../../test/support/register-house.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { fsck } from './fsck.ts'
import { fsckSettled } from './fsck-settled.ts'

type Damage = readonly [
  found: readonly (readonly [code: string, where: RegExp])[],
  damage: (house: RegisterHouse) => Promise<unknown>,
]
const DAMAGE: Readonly<Record<string, Damage>> = {
  'a changed tally part': [
    [
      ['bad_state', /^tally_part$/],
      ['file_differs', /^log\/tally$/],
    ],
    ({ owner }) => sql`UPDATE avow.tally_part SET declarations = declarations + 1`.execute(owner),
  ],
  'content rows that are not what is served, each by its file': [
    [
      ['file_differs', /^content\/000$/],
      ['file_differs', /^content\/001$/],
    ],
    ({ owner }) => sql`UPDATE avow.content_bundle SET lines = lines || 'x'::bytea`.execute(owner),
  ],
  'texts that are not what is served, each by its file': [
    [
      ['file_differs', /^content\/texts\/[0-9a-f]{32}$/],
      ['file_differs', /^content\/texts\/[0-9a-f]{32}$/],
    ],
    ({ owner }) => sql`UPDATE avow.content_text SET body = body || 'x'`.execute(owner),
  ],
  'a text counted for more declarations than show it': [
    [['bad_state', /^content_text [0-9a-f]{32}$/]],
    ({ owner }) =>
      sql`UPDATE avow.content_text SET members = members + 1 WHERE members = 1`.execute(owner),
  ],
  'a deleted content row': [
    [
      ['bad_state', /^content_text/],
      ['no_row', /^content\/001$/],
    ],
    ({ owner }) => sql`DELETE FROM avow.content_bundle WHERE bundle = 1`.execute(owner),
  ],
  'roots that are not the served ones': [
    [
      ['hash_mismatch', /^log_state declarations$/],
      ['hash_mismatch', /^log_state events$/],
    ],
    ({ owner }) => sql`UPDATE avow.log_state SET root = sha256(root)`.execute(owner),
  ],
  'a lost row of a log': [
    [['bad_state', /^log_state events$/]],
    ({ owner }) => sql`DELETE FROM avow.log_state WHERE log = 'events'`.execute(owner),
  ],
  'a size and a signed note that are older than what is served': [
    [
      ['hash_mismatch', /^log_state declarations$/],
      ['file_differs', /^log\/checkpoints\/declarations\/302$/],
    ],
    ({ owner }) =>
      sql`UPDATE avow.log_state SET published_size = 2, signed_note = 'older'
          WHERE log = 'declarations'`.execute(owner),
  ],
  'a changed byte in a full tile far from the edge': [
    [['tile_mismatch', /^log\/declarations\/tile\/0\/000$/]],
    async ({ publicFolder }) => {
      const path = join(publicFolder, 'log/declarations/tile/0/000')
      const bytes = await readFile(path)
      await writeFile(path, bytes.with(40, (bytes[40] ?? 0) ^ 1))
    },
  ],
  'a content file that is gone, by the lie and by the row': [
    [
      ['part_missing', /^content\/000$/],
      ['missing_file', /^content\/000$/],
    ],
    ({ publicFolder }) => rm(join(publicFolder, 'content/000')),
  ],
  'a lost pair': [
    [['missing_file', /^log\/latest$/]],
    ({ publicFolder }) => rm(join(publicFolder, 'log/latest')),
  ],
}

test('a whole register passes', async () => {
  await using house = await openRegisterHouse()
  const { evidence, differences } = await fsck(await damaged(house, async () => {}))
  assert.deepEqual(differences.listed, [])
  assert.equal(evidence?.pair.declarations.size, 302)
})

for (const [what, [expected, damage]] of Object.entries(DAMAGE)) {
  test(`${what}: found and named`, async () => {
    await using house = await openRegisterHouse()
    const { differences } = await fsck(await damaged(house, damage))
    assert.deepEqual(
      differences.listed.map(({ code }) => code),
      expected.map(([code]) => code),
      JSON.stringify(differences.listed),
    )
    for (const [i, [, where]] of expected.entries()) {
      assert.match(differences.listed[i]?.where ?? '', where)
    }
    assert.equal(differences.found, expected.length)
  })
}

test('what the next look does not find any more was work in progress', async () => {
  await using house = await openRegisterHouse()
  const deps = await damaged(house, ({ owner }) =>
    sql`UPDATE avow.log_state SET published_size = published_size - 1`.execute(owner),
  )
  let waited = 0
  const { differences } = await fsckSettled(deps, async () => {
    waited++
    await sql`UPDATE avow.log_state SET published_size = published_size + 1`.execute(house.owner)
  })
  assert.deepEqual([differences.found, waited], [0, 1])
})

test('what two looks in a row find alike is believed', async () => {
  await using house = await openRegisterHouse()
  const deps = await damaged(house, ({ owner }) =>
    sql`UPDATE avow.tally_part SET declarations = declarations + 1`.execute(owner),
  )
  let waited = 0
  const { differences } = await fsckSettled(deps, async () => waited++)
  assert.deepEqual([differences.found, waited], [2, 1])
})

async function damaged(house: RegisterHouse, damage: (house: RegisterHouse) => Promise<unknown>) {
  {
    await using publisher = await house.start()
    const persons = Array.from({ length: 300 }, () => ({}))
    await house.approve([{ text: { kind: 'own', language: 'en', text: 'shared' }, persons }])
    await house.approve([ownStatement('one'), { text: null, persons: [{}] }])
    await publisher.runRound()
  }
  await damage(house)
  const { db, logKeys } = house.deps()
  const { declarations, events } = logKeys
  const keys = `log ${declarations.verifierKey}\nlog ${events.verifierKey}\nquorum none\n`
  return { db, policy: parsePolicy(keys), sha256, ...openServed(house.publicFolder) }
}
