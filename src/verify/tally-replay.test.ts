import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../test/support/tiny-log.ts'
import { formatTally, tallyOf } from '../declaration/tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { EMPTY_BASE, type PartFrom, type TallyBase, TallyReplay } from './tally-replay.ts'

const FORM = 'ab'.repeat(32)
const keyOf = (day: number, state: string) =>
  `part ${FORM} 2026-01-0${day} club self own 0 ${state}`
const STATES = ['standing', 'withdrawn', 'flagged', 'withdrawn+flagged']

/** What a history is made of: at each tally some declarations are new, and some old ones move. */
type Step = { readonly added: number; readonly moves: readonly { of: number; to: number }[] }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    added: fc.nat({ max: 4 }),
    moves: fc.array(fc.record({ of: fc.nat({ max: 30 }), to: fc.nat({ max: 3 }) }), {
      maxLength: 4,
    }),
  }),
  { minLength: 1, maxLength: 8 },
)

test('every tally on the way is the count as it was then, from the beginning or from any of them', () => {
  fc.assert(
    fc.property(steps, fc.nat({ max: 8 }), (history, cut) => {
      const { tallies, counts, parts } = play(history)
      const from = Math.min(cut, history.length) - 1
      const bases = [EMPTY_BASE, baseAt(from, tallies, counts)]
      for (const base of bases) {
        const replay = new TallyReplay(tallies, base, sha256, () => 'the log')
        for (const [index, own] of parts.entries()) {
          const [only] = own
          if (own.length === 1 && only !== undefined) replay.addUntouched(index, only.key)
          else replay.add(index, own)
        }
        assert.deepEqual(sorted(replay.finish()), sorted(counts.at(-1) ?? new Map()))
      }
    }),
    { numRuns: process.env['SLOW'] === '1' ? 5000 : 300 },
  )
})

test('a tally that was wrong then is found, though the last one is right', () => {
  const { tallies, parts } = play([
    { added: 3, moves: [] },
    { added: 1, moves: [{ of: 0, to: 1 }] },
    { added: 0, moves: [{ of: 0, to: 0 }] },
  ])
  for (const wrong of tallies.keys()) {
    const lying = tallies.map((tally, i) => (i === wrong ? { ...tally, tally: FORM } : tally))
    const replay = new TallyReplay(lying, EMPTY_BASE, sha256, (position) => `event ${position}`)
    assert.throws(
      () => {
        for (const [index, own] of parts.entries()) replay.add(index, own)
        replay.finish()
      },
      { code: 'tally_mismatch', file: `event ${tallies[wrong]?.position}` },
    )
  }
})

/** The same history counted the slow way: every declaration again at every tally. */
function play(history: readonly Step[]) {
  const parts: PartFrom[][] = []
  const tallies: { position: number; size: number; tally: string }[] = []
  const counts: ReadonlyMap<string, number>[] = []
  const now: string[] = []
  for (const [from, { added, moves }] of history.entries()) {
    for (let i = 0; i < added; i++) {
      const key = keyOf(Math.min(9, 1 + from), 'standing')
      parts.push([{ from: 0, key }])
      now.push(key)
    }
    for (const { of, to } of moves) {
      const before = now[of]
      if (before === undefined) continue
      const key = `${before.slice(0, before.lastIndexOf(' '))} ${STATES[to]}`
      now[of] = key
      const own = parts[of] ?? []
      if (own.at(-1)?.from === from) own.pop()
      own.push({ from, key })
    }
    const counted = new Map<string, number>()
    for (const key of now) counted.set(key, (counted.get(key) ?? 0) + 1)
    const position = 10 * from
    const text = formatTally(tallyOf(now.length, position, counted))
    tallies.push({ position, size: now.length, tally: toHex(sha256(utf8(text))) })
    counts.push(counted)
  }
  return { parts, tallies, counts }
}

function baseAt(
  from: number,
  tallies: readonly { readonly size: number }[],
  counts: readonly ReadonlyMap<string, number>[],
): TallyBase {
  if (from < 0) return EMPTY_BASE
  return {
    declarations: tallies[from]?.size ?? 0,
    counts: counts[from] ?? new Map(),
    tallies: from + 1,
  }
}

function sorted(counts: ReadonlyMap<string, number>) {
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
}
