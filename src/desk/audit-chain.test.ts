import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../../test/support/desk-house.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { openDatabase } from '../postgres/database.ts'
import { auditHash } from './audit-chain.ts'
import { checkAudit } from './check-audit.ts'
import type { Desk } from './client/desk-client.ts'
import type { DeskTables } from './tables.ts'

const vectors = new URL('../../test/vectors/desk/desk-audit.json', import.meta.url)
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

let house: DeskHouse
let owner: Kysely<DeskTables>
let anna: Desk
before(async () => {
  house = await openDeskHouse()
  owner = openDatabase<DeskTables>(house.database.ownerUrl, { max: 2 })
  anna = await house.keyHolder('anna')
  await house.send(exampleSubmission())
})
after(async () => {
  await owner.destroy()
  await house[Symbol.asyncDispose]()
})

interface Vector {
  readonly centre: string
  readonly place: number
  readonly day: string
  readonly volunteer: string
  readonly act: string
  readonly case: string | null
  readonly previous: string
  readonly hash: string
}

test('a row hashes as the format says', async () => {
  const rows = JSON.parse(await readFile(vectors, 'utf8')) as readonly Vector[]
  for (const { case: of, previous, hash, ...row } of rows) {
    const case_id = of === null ? null : fromHex(of)
    assert.equal(toHex(auditHash({ ...row, case_id, previous: fromHex(previous) }, sha256)), hash)
  }
})

test('requests at once make one chain without a fork', async () => {
  const [waiting] = (await anna.readQueue()).lists.waiting.cases
  assert.ok(waiting !== undefined)
  const { id } = waiting
  await Promise.all(Array.from({ length: 12 }, () => anna.take(id)))
  await anna.release(id)
  const [finding, ...more] = await checkAudit(owner)
  assert.deepEqual(more, [])
  assert.ok(finding?.outcome === 'whole')
  assert.ok(finding.rows >= 13)
  const { head } = await anna.state.connection.get<{ head: unknown }>('audit-head')
  assert.deepEqual(head, { place: finding.rows - 1, hash: toHex(finding.head) })
})

test('no role changes the audit or writes to it but by its one function', async () => {
  for (const change of [
    sql`UPDATE avow.audit SET volunteer = 'nobody'`,
    sql`DELETE FROM avow.audit`,
    sql`TRUNCATE avow.audit`,
  ]) {
    await assert.rejects(change.execute(owner), /only written to/)
    await assert.rejects(change.execute(house.deskDb), /permission denied/)
  }
  for (const change of [
    sql`INSERT INTO avow.audit SELECT * FROM avow.audit`,
    sql`UPDATE avow.audit_head SET place = 0`,
  ]) {
    await assert.rejects(change.execute(house.deskDb), /permission denied/)
  }
})

/** What somebody can do who owns the database, switches its guard off, and goes back again. */
const FORGERIES = [
  ['changed', [sql`UPDATE avow.audit SET volunteer = 'bert' WHERE place = 3`], 3, 'hash'],
  ['removed', [sql`DELETE FROM avow.audit WHERE place = 5`], 5, 'place'],
  ['cut off', [sql`DELETE FROM avow.audit WHERE place > 8`], 9, 'head'],
  [
    'put in',
    [
      sql`UPDATE avow.audit SET place = place + 100 WHERE place >= 4`,
      sql`INSERT INTO avow.audit SELECT centre, 4, day, volunteer, 'approve', case_id, previous, hash
        FROM avow.audit WHERE place = 3`,
    ],
    4,
    'previous',
  ],
] as const

for (const [what, forgeries, place, fault] of FORGERIES) {
  test(`a row ${what} by the owner of the database is found`, async () => {
    const back = new Error('undone')
    const attempt = owner.transaction().execute(async (tx) => {
      await sql`ALTER TABLE avow.audit DISABLE TRIGGER audit_stays`.execute(tx)
      await sql`ALTER TABLE avow.audit NO FORCE ROW LEVEL SECURITY`.execute(tx)
      for (const forgery of forgeries) await forgery.execute(tx)
      const [finding] = await checkAudit(tx)
      assert.deepEqual(finding, { centre: 'global', outcome: 'broken', place, fault })
      throw back
    })
    await assert.rejects(attempt, back)
    const [finding] = await checkAudit(owner)
    assert.equal(finding?.outcome, 'whole')
  })
}
