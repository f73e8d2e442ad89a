import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { formatTally } from '../../src/declaration/tally.ts'
import { loadTally } from '../../src/register/tally-store.ts'
import { openRegisterHouse, ownStatement, type RegisterHouse } from '../support/register-house.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { fileOrder } from '../support/test-order.ts'
import { act, TestReceipt, viewReceipt } from '../support/test-receipt.ts'

const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31))
const STEPS = process.env['SLOW'] === '1' ? 300 : 36

/** What the test itself knows of a declaration, kept apart from every line of the register's code. */
type Known = {
  readonly receipt: TestReceipt
  withdrawn: boolean
  confirmed: boolean
  orgs: string
}

test(`after any history the tally of the database is that of the files, and its parts sum (SEED=${SEED})`, async () => {
  const random = seededRandom(SEED)
  const below = (limit: number) => Math.floor(random() * limit)
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const known: Known[] = []
  const flagged = new Set<number>()
  let size = 0
  for (let step = 0; step < STEPS; step++) {
    const chosen = known[below(known.length)]
    const kind = size === 0 ? 0 : below(7)
    if (kind === 0 || chosen === undefined) {
      const receipt = new TestReceipt()
      const statement = ownStatement(`Made-up statement ${step}.`)
      await house.approve([{ ...statement, persons: [{ receipt }, {}] }])
      known.push({ receipt, withdrawn: false, confirmed: false, orgs: 'party' })
      // Acts go first: a round may be theirs alone.
      do await publisher.runRound()
      while ((await viewReceipt(house, receipt.lookup)).leaf === null)
      size += 2
    } else if (kind <= 2) {
      const first = below(size)
      const end = first + 1 + below(size - first)
      const type = random() < 0.6 ? 'flag' : 'unflag'
      await fileOrder(house, { type, ranges: [{ first, end }], reason: 'spam' })
      for (let index = first; index < end; index++) {
        if (type === 'flag') flagged.add(index)
        else flagged.delete(index)
      }
      await publisher.runRound()
    } else {
      await actAtRandom(house, chosen, below)
      // Sometimes several wait and go together.
      if (random() < 0.5) await publisher.runRound()
    }
  }
  await publisher.runRound()
  await publisher.runRound()
  const { pair, tally } = await house.check()
  const ofDatabase = await loadTally(house.owner, size, pair.events.size - 1)
  assert.equal(formatTally(ofDatabase), formatTally(tally))
  assert.equal(
    tally.parts.reduce((sum, { count }) => sum + count, 0),
    size,
  )
  assert.deepEqual(await house.owner.selectFrom('avow.refused_act').selectAll().execute(), [])
  assert.deepEqual(
    countedBy(tally.parts, 'state'),
    await expectedStates(house, known, flagged, size),
  )
  const confirmed = known.filter((each) => each.confirmed).length
  assert.equal(
    tally.parts.filter((part) => part.confirmed).reduce((sum, { count }) => sum + count, 0),
    confirmed,
  )
  const leagues = known.filter(({ orgs }) => orgs === 'league').length
  assert.equal(countedBy(tally.parts, 'orgs')['league'] ?? 0, leagues)
})

async function actAtRandom(
  house: RegisterHouse,
  chosen: Known,
  below: (limit: number) => number,
): Promise<void> {
  // An act is signed for the newest state: one that is waiting already has the next turn.
  if ((await viewReceipt(house, chosen.receipt.lookup)).pending > 0) return
  if (chosen.withdrawn) {
    await act(house, chosen.receipt, { kind: 'restore' })
    chosen.withdrawn = false
    return
  }
  const kind = below(3)
  if (kind === 0) {
    await act(house, chosen.receipt, { kind: 'withdraw' })
    chosen.withdrawn = true
  } else if (kind === 1 && !chosen.confirmed) {
    await act(house, chosen.receipt, { kind: 'confirm' })
    chosen.confirmed = true
  } else {
    chosen.orgs = chosen.orgs === 'party' ? 'league' : 'party'
    await act(house, chosen.receipt, { kind: 'organisations', orgs: [chosen.orgs] })
  }
}

async function expectedStates(
  house: RegisterHouse,
  known: readonly Known[],
  flagged: ReadonlySet<number>,
  size: number,
): Promise<Record<string, number>> {
  const withdrawn = new Set<number>()
  for (const { receipt, withdrawn: isWithdrawn } of known) {
    if (isWithdrawn) withdrawn.add((await viewReceipt(house, receipt.lookup)).idx)
  }
  const counts: Record<string, number> = {}
  for (let index = 0; index < size; index++) {
    const words = [
      ...(withdrawn.has(index) ? ['withdrawn'] : []),
      ...(flagged.has(index) ? ['flagged'] : []),
    ]
    const state = words.length === 0 ? 'standing' : words.join('+')
    counts[state] = (counts[state] ?? 0) + 1
  }
  return counts
}

function countedBy<Key extends 'state' | 'orgs'>(
  parts: readonly ({ readonly count: number } & { readonly [K in Key]: string })[],
  key: Key,
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const part of parts) counts[part[key]] = (counts[part[key]] ?? 0) + part.count
  return counts
}
