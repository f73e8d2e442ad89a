import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  commitmentFrom,
  EXAMPLE_LEAF,
  leaf,
  nearMisses,
  RUNS,
  sha256,
} from '../../test/support/declaration-examples.ts'
import { ACT_TRUST, authoredLeaf, hashOf, signedEvent } from '../../test/support/example-acts.ts'
import { type TallyFinding, tally } from '../../test/support/whole-tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import type { LogEvent } from './event.ts'
import type { Leaf } from './leaf.ts'
import { startState } from './leaf-state.ts'
import {
  byEvidence,
  byOrganisation,
  byState,
  formatTally,
  parseTally,
  partKey,
  type Tally,
  tallyOf,
} from './tally.ts'

const refusesTally = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_tally'
type Logs = { readonly leaves: readonly Leaf[]; readonly events: readonly LogEvent[] }
type Result = { readonly tally: Tally; readonly findings: readonly TallyFinding[] }

async function whole({ leaves, events }: Logs): Promise<Result> {
  const findings: TallyFinding[] = []
  const result = await tally(leaves, events, ACT_TRUST, (finding) => findings.push(finding))
  return { tally: result, findings: findings.toSorted((a, b) => a.event - b.event) }
}

const sum = (counted: Tally) => counted.parts.reduce((total, { count }) => total + count, 0)

/** Small logs in which events hit the same few leaves, well and badly formed. */
const logs: fc.Arbitrary<Logs> = fc
  .record({
    leaves: fc.array(leaf, { minLength: 1, maxLength: 12 }),
    drawn: fc.array(
      fc.record({
        kind: fc.constantFrom(
          'withdraw',
          'restore',
          'confirm',
          'correct',
          'flag',
          'unflag',
          'desk',
        ),
        index: fc.nat({ max: 13 }),
        end: fc.nat({ max: 13 }),
        seq: fc.nat({ max: 3 }),
        other: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 16 },
    ),
  })
  .map(({ leaves: drawnLeaves, drawn }) => {
    const leaves = drawnLeaves.map((drawnLeaf, i) => {
      const { author } = authoredLeaf(`author ${i}`)
      return { ...drawnLeaf, author }
    })
    const next = new Map<number, number>()
    const events = drawn.map(({ kind, index, end, seq, other }): LogEvent => {
      const size = leaves.length
      const day = '2026-11-23'
      const named = leaves[other === 0 ? 0 : index] ?? EXAMPLE_LEAF
      const act = { index, leaf: hashOf(named) }
      if (kind === 'flag' || kind === 'unflag') {
        const range = { first: Math.min(index, end), end: Math.max(index, end) + 1 }
        return { type: kind, day, size, ranges: [range], reason: 'invented' }
      }
      if (kind === 'desk')
        return { type: 'withdraw', ...act, day, size, by: { kind: 'author-by-desk' } }
      if (kind === 'correct') {
        const by = { kind: 'operator' as const, reason: 'clerical', country: null }
        return {
          type: 'correct',
          ...act,
          day,
          size,
          orgs: ['party'],
          evidence: null,
          shown: null,
          body: null,
          name: null,
          about: commitmentFrom('x'),
          by,
        }
      }
      const expected = (next.get(index) ?? 0) + 1
      const signing = {
        label: `author ${other === 1 ? other : index}`,
        seq: other < 3 ? seq : expected,
      }
      if (other >= 3 && index < size) next.set(index, expected)
      return signedEvent({ type: kind, ...act }, signing, size)
    })
    return { leaves, events }
  })

test('the parts of a tally sum to the number of leaves, whatever the events are', async () => {
  await fc.assert(
    fc.asyncProperty(logs, async (drawn) => {
      const { tally: counted } = await whole(drawn)
      assert.equal(counted.declarations, drawn.leaves.length)
      assert.equal(counted.events, drawn.events.length)
      assert.equal(sum(counted), drawn.leaves.length)
    }),
    { numRuns: RUNS },
  )
})

test('a tally reads back, and any bytes are refused or are its one spelling', async () => {
  const tallies = fc.array(leaf, { minLength: 1, maxLength: 20 }).map((leaves) => {
    const counts = new Map<string, number>()
    for (const drawn of leaves) {
      const key = partKey({ ...startState(drawn, sha256), flagged: false })
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    return tallyOf(leaves.length, 0, counts)
  })
  fc.assert(
    fc.property(tallies, (counted) => {
      assert.deepEqual(parseTally(utf8(formatTally(counted))), counted)
    }),
    { numRuns: RUNS },
  )
  const written = tallies.map((counted) => utf8(formatTally(counted)))
  fc.assert(
    fc.property(nearMisses(written), (bytes) => {
      try {
        assert.deepEqual(utf8(formatTally(parseTally(bytes))), bytes)
      } catch (error) {
        if (!refusesTally(error)) throw error
      }
    }),
    { numRuns: 5 * RUNS },
  )
})

const THREE: readonly Leaf[] = [
  authoredLeaf('a', { orgs: ['party'] }),
  authoredLeaf('b', { orgs: ['league', 'party'], evidence: 'consented', key: 'handed' }),
  authoredLeaf('c', { orgs: ['unstated'] }),
]
const flag = (type: 'flag' | 'unflag', first: number, end: number): LogEvent => ({
  type,
  day: '2026-11-23',
  size: 3,
  ranges: [{ first, end }],
  reason: 'invented',
})

test('a tally is written as the format says', async () => {
  const by = { kind: 'author-by-desk' as const }
  const withdraw: LogEvent = {
    type: 'withdraw',
    day: '2026-11-23',
    size: 3,
    index: 2,
    leaf: hashOf(THREE[2] ?? EXAMPLE_LEAF),
    by,
  }
  const { tally: counted } = await whole({ leaves: THREE, events: [flag('flag', 1, 3), withdraw] })
  const form = 'ab'.repeat(32)
  assert.equal(
    formatTally(counted),
    'avow/tally/v1\ndeclarations 3\nevents 2\n' +
      `part ${form} 2026-11-22 league,party consented handed 0 flagged 1\n` +
      `part ${form} 2026-11-22 party self own 0 standing 1\n` +
      `part ${form} 2026-11-22 unstated self own 0 withdrawn+flagged 1\n`,
  )
  assert.deepEqual(byState(counted.parts), {
    standing: 1,
    withdrawn: 0,
    flagged: 1,
    'withdrawn+flagged': 1,
  })
  assert.equal(byEvidence(counted).get('self')?.standing, 1)
  assert.equal(byEvidence(counted).get('in-person')?.standing, 0)
})

test('who left two organisations is counted under both, so organisations do not add up', async () => {
  const { tally: counted } = await whole({ leaves: THREE, events: [] })
  const left = Array.from(byOrganisation(counted), ([id, { standing }]) => [id, standing])
  assert.deepEqual(left, [
    ['league', 1],
    ['party', 2],
    ['unstated', 1],
  ])
})

test('the last flag or unflag over an index decides', async () => {
  const states = async (...events: LogEvent[]) =>
    byState((await whole({ leaves: THREE, events })).tally.parts).flagged
  assert.equal(await states(flag('flag', 0, 3), flag('unflag', 1, 2)), 2)
  assert.equal(await states(flag('unflag', 1, 2), flag('flag', 0, 3)), 3)
  assert.equal(await states(flag('flag', 0, 2), flag('flag', 1, 3), flag('unflag', 0, 2)), 1)
})

test('a flag beyond the size it names, and an act on no declaration, are findings', async () => {
  const act = {
    type: 'withdraw' as const,
    index: 3,
    leaf: 'ab'.repeat(32),
    day: '2026-11-23',
    size: 9,
  }
  const { tally: counted, findings } = await whole({
    leaves: THREE,
    events: [flag('flag', 1, 4), { ...act, by: { kind: 'author-by-desk' } }],
  })
  assert.deepEqual(
    findings.map(({ event }) => event),
    [0, 1],
  )
  assert.deepEqual(byState(counted.parts).standing, 3)
})

for (const [what, from, to] of [
  ['whose parts do not sum to its total', 'declarations 3', 'declarations 4'],
  ['with parts out of order', /(part .*\n)(part .*\n)/, '$2$1'],
  ['with a part twice', /(part .*\n)(part .*\n)(part .*\n)/, '$1$1$2'],
  ['with an empty part', /1\npart/, '0\npart'],
  ['without its last line end', /\n$/, ''],
  ['with a state nobody knows', 'standing', 'doubtful'],
] as const) {
  test(`a tally ${what} is refused`, async () => {
    const { tally: counted } = await whole({ leaves: THREE, events: [] })
    const changed = formatTally(counted).replace(from, to)
    assert.notEqual(changed, formatTally(counted))
    assert.throws(() => parseTally(utf8(changed)), refusesTally)
  })
}
