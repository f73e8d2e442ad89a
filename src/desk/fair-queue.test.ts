import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { type DeskHouse, openDeskHouse } from '../../test/support/desk-house.ts'
import type { Desk } from './client/desk-client.ts'
import type { CaseSummary } from './read-queue.ts'

let house: DeskHouse
let anna: Desk

before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
})
after(() => house[Symbol.asyncDispose]())
beforeEach(async () => {
  await sql`DELETE FROM avow.envelope`.execute(house.owner)
  await sql`DELETE FROM avow."case"`.execute(house.owner)
})

async function arrive(channel: string, count: number, day = '2026-03-01'): Promise<void> {
  await sql`
    INSERT INTO avow.envelope (id, centre, line, channel, language, day, size_class, sealing, sealed)
    SELECT sha256(convert_to(${`${channel}${day}`} || i, 'UTF8')), 'global', 'line', ${channel},
      'en', ${day}::date, 2048, 'age', 'x'
    FROM generate_series(1, ${count}::int) AS i`.execute(house.owner)
}

async function wholeQueue(): Promise<readonly CaseSummary[]> {
  const first = (await anna.readQueue()).lists.waiting
  const cases = [...first.cases]
  for (let { next } = first; next !== null; ) {
    const page = await anna.readMore('waiting', next)
    cases.push(...page.cases)
    next = page.next
  }
  return cases
}

test('a flood of an older day hides no case of another channel', async () => {
  await arrive('web', 2000, '2026-02-01')
  await arrive('phone', 3)
  await arrive('fax', 1, '2026-03-02')
  const { cases } = (await anna.readQueue()).lists.waiting
  assert.deepEqual(
    cases.slice(0, 8).map(({ channel }) => channel),
    ['web', 'phone', 'fax', 'web', 'phone', 'web', 'phone', 'web'],
  )
})

test('page after page every waiting case comes once, each channel oldest first', async () => {
  await arrive('web', 45)
  await arrive('web', 3, '2026-02-27')
  await arrive('onion', 25)
  await arrive('email', 2)
  const cases = await wholeQueue()
  assert.equal(cases.length, 75)
  assert.equal(new Set(cases.map(({ id }) => id)).size, 75)
  for (const channel of ['web', 'onion', 'email']) {
    const places = cases.filter((one) => one.channel === channel).map(({ day, id }) => day + id)
    assert.deepEqual(places, places.toSorted())
  }
})

test('as long as three channels have cases, each has a third of every page', async () => {
  for (const channel of ['web', 'onion', 'email']) await arrive(channel, 40)
  const cases = await wholeQueue()
  for (let start = 0; start + 20 <= 100; start += 20) {
    const page = cases.slice(start, start + 20)
    for (const channel of ['web', 'onion', 'email']) {
      assert.ok(page.filter((one) => one.channel === channel).length >= 6)
    }
  }
})

test('a place in the queue that nobody handed out is refused', async () => {
  for (const odd of ['x', '2026-03-01.00', 'web~2026-03-01.0', "web'~2026-03-01.00"]) {
    await assert.rejects(anna.readMore('waiting', odd), { code: 'bad_request' })
  }
})
