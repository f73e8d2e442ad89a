import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RUNS } from '../../test/support/declaration-examples.ts'
import { utf8 } from '../encoding/bytes.ts'
import { aboutVariants, chooseVariants, type FoldCandidate, groupKeys } from './minimum-group.ts'
import { type About, encodeAbout, parseAbout } from './values.ts'

const BASE = { language: 'zh-hans', voice: 'own', channel: 'web', few: false }
const FULL: About = {
  ...BASE,
  sector: 'police',
  standing: 'serving',
  position: '所长',
  region: 'cn-sichuan',
}
const candidate = (statement: string, about: About): FoldCandidate => ({
  statement,
  about: aboutVariants(about),
  few: about.few,
})
const NOTHING_VISIBLE = new Map<string, number>()

test('each level of the ladder says less', () => {
  const { region: _region, ...placeless } = FULL
  assert.deepEqual(aboutVariants(FULL), [
    FULL,
    placeless,
    { ...BASE, sector: 'police' },
    { ...BASE, sector: 'others' },
  ])
  assert.deepEqual(aboutVariants(BASE), [BASE, BASE, BASE, BASE])
})

test('a pair of sector and region is written once enough statements share it', () => {
  const alone = Array.from({ length: 4 }, (_, i) => candidate(`s${i}`, FULL))
  assert.deepEqual(chooseVariants(alone, NOTHING_VISIBLE, 5), [3, 3, 3, 3])
  const enough = [...alone, candidate('s4', FULL)]
  assert.deepEqual(chooseVariants(enough, NOTHING_VISIBLE, 5), [0, 0, 0, 0, 0])
})

test('persons of one statement are one source', () => {
  const family = Array.from({ length: 20 }, () => candidate('one', FULL))
  assert.deepEqual(new Set(chooseVariants(family, NOTHING_VISIBLE, 5)), new Set([3]))
})

test('what is visible already counts', () => {
  const visible = new Map(groupKeys(FULL).map((key) => [key, 4]))
  assert.deepEqual(chooseVariants([candidate('s', FULL)], visible, 5), [0])
})

test('region goes first, then position and standing, then the sector', () => {
  const elsewhere = { ...FULL, region: 'cn-yunnan' }
  const [, post = '', sector = ''] = groupKeys(FULL)
  assert.deepEqual(chooseVariants([candidate('s', elsewhere)], new Map([[post, 4]]), 5), [1])
  assert.deepEqual(chooseVariants([candidate('s', elsewhere)], new Map([[sector, 4]]), 5), [2])
  assert.deepEqual(chooseVariants([candidate('s', elsewhere)], NOTHING_VISIBLE, 5), [3])
})

test('who consented to be one of few keeps everything', () => {
  assert.deepEqual(
    chooseVariants([candidate('s', { ...FULL, few: true })], NOTHING_VISIBLE, 5),
    [0],
  )
})

test('without a sector there is nothing to fold but region, position and standing', () => {
  assert.deepEqual(chooseVariants([candidate('s', BASE)], NOTHING_VISIBLE, 5), [0])
  const placed = candidate('s', { ...BASE, region: 'cn-yunnan' })
  assert.deepEqual(chooseVariants([placed], NOTHING_VISIBLE, 5), [2])
})

test('no position can pass for another group', () => {
  const keys = new Set(
    ['-', '=', 'serving -', undefined].flatMap((position) =>
      groupKeys({
        ...BASE,
        sector: 'police',
        ...(position === undefined ? {} : { position }),
      }).slice(1, 2),
    ),
  )
  assert.equal(keys.size, 4)
})

const few = fc.nat({ max: 9 }).map((drawn) => drawn === 0)
const about = fc
  .record(
    {
      sector: fc.constantFrom('police', 'army', 'others'),
      standing: fc.constantFrom('serving', 'retired'),
      position: fc.constantFrom('所长', '-'),
      region: fc.constantFrom('cn-sichuan', 'cn-yunnan', 'abroad'),
      few,
    },
    { requiredKeys: ['few'], noNullPrototype: true },
  )
  .map((drawn): About => ({ ...BASE, ...drawn }))
const batches = fc.array(
  fc.array(fc.record({ about, persons: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 14,
  }),
  { minLength: 1, maxLength: 5 },
)

type Written = { readonly statement: string; readonly value: Uint8Array }

/** What a publisher does batch after batch: choose, write, count what became visible. */
function publish(
  drawn: readonly (readonly { about: About; persons: number }[])[],
  k: number,
): Written[] {
  const written: Written[] = []
  for (const [number, batch] of drawn.entries()) {
    const candidates = batch.flatMap(({ about: of, persons }, i) =>
      Array.from({ length: persons }, () => candidate(`${number}/${i}`, of)),
    )
    const behind = new Map<string, Set<string>>()
    for (const { statement, value } of written) {
      for (const key of groupKeys(parseAbout(value))) {
        behind.set(key, (behind.get(key) ?? new Set()).add(statement))
      }
    }
    const visible = new Map(Array.from(behind, ([key, statements]) => [key, statements.size]))
    for (const [i, level] of chooseVariants(candidates, visible, k).entries()) {
      const chosen = candidates[i]
      assert.ok(chosen !== undefined)
      written.push({ statement: chosen.statement, value: encodeAbout(chosen.about[level]) })
    }
  }
  return written
}

/** Only the written bytes, as anyone can read them: which lines they have, and who shares them. */
function attack(written: readonly Written[], names: readonly string[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const { statement, value } of written) {
    const lines = new TextDecoder().decode(value).split('\n')
    const shared = names.map(
      (name) => lines.find((line) => line.startsWith(`${name} `)) ?? `${name}:none`,
    )
    const key = shared.join('|')
    groups.set(key, (groups.get(key) ?? new Set()).add(statement))
  }
  return groups
}

test('no written value points at fewer statements than the minimum group, but by consent', () => {
  let folded = 0
  let kept = 0
  fc.assert(
    fc.property(batches, fc.integer({ min: 2, max: 4 }), (drawn, k) => {
      const written = publish(drawn, k)
      const places = attack(written, ['sector', 'region'])
      const posts = attack(written, ['sector', 'standing', 'position'])
      const sectors = attack(written, ['sector'])
      const sizeOf = (groups: Map<string, Set<string>>, names: readonly string[], one: Written) =>
        groups.get(attack([one], names).keys().next().value ?? '')?.size ?? 0
      for (const one of written) {
        const text = new TextDecoder().decode(one.value)
        if (text.includes('\nfew ')) continue
        const place = sizeOf(places, ['sector', 'region'], one)
        const post = sizeOf(posts, ['sector', 'standing', 'position'], one)
        const sector = sizeOf(sectors, ['sector'], one)
        if (text.includes('\nregion ')) assert.ok(place >= k, `${text} is of ${place}`)
        if (/\n(standing|position) /.test(text)) assert.ok(Math.max(place, post) >= k, text)
        if (/\nsector (?!others)/.test(text)) assert.ok(sector >= k, text)
        if (text.includes('\nregion ')) kept++
        else folded++
      }
    }),
    { numRuns: 3 * RUNS },
  )
  assert.ok(folded > RUNS && kept > RUNS, `${folded} folded, ${kept} kept`)
})

test('a written about is one of the four that were approved', () => {
  fc.assert(
    fc.property(batches, (drawn) => {
      const approved = new Set(
        drawn
          .flat()
          .flatMap(({ about: of }) => aboutVariants(of).map((v) => encodeAbout(v).join())),
      )
      for (const { value } of publish(drawn, 3)) assert.ok(approved.has(value.join()))
    }),
    { numRuns: RUNS },
  )
  assert.equal(parseAbout(utf8('lang en\nvoice own\nchannel web\n')).few, false)
})
