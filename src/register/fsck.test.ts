import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
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

const DAMAGE: Readonly<
  Record<string, readonly [string, (house: RegisterHouse) => Promise<unknown>]>
> = {
  'a changed tally part': [
    'bad_state',
    ({ owner }) => sql`UPDATE avow.tally_part SET declarations = declarations + 1`.execute(owner),
  ],
  'a row of content that is not what is served': [
    'file_differs',
    ({ owner }) => sql`UPDATE avow.content_bundle SET lines = lines || 'x'::bytea`.execute(owner),
  ],
  'a text that is not what is served': [
    'file_differs',
    ({ owner }) => sql`UPDATE avow.content_text SET body = body || 'x'`.execute(owner),
  ],
  'a text counted for more declarations than show it': [
    'bad_state',
    ({ owner }) => sql`UPDATE avow.content_text SET members = members + 1`.execute(owner),
  ],
  'a root that is not the served one': [
    'hash_mismatch',
    ({ owner }) => sql`UPDATE avow.log_state SET root = sha256(root)`.execute(owner),
  ],
  'a changed byte in a full tile far from the edge': [
    'tile_mismatch',
    async ({ publicFolder }) => {
      const path = join(publicFolder, 'log/declarations/tile/0/000')
      const bytes = await readFile(path)
      await writeFile(path, bytes.with(40, (bytes[40] ?? 0) ^ 1))
    },
  ],
}

test('a whole register passes', async () => {
  await using house = await openRegisterHouse()
  const { pair } = await fsck(await damaged(house, async () => {}))
  assert.equal(pair.declarations.size, 302)
})

for (const [what, [code, damage]] of Object.entries(DAMAGE)) {
  test(`${what} is found`, async () => {
    await using house = await openRegisterHouse()
    await assert.rejects(fsck(await damaged(house, damage)), { code })
  })
}

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
