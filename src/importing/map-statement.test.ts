import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAbout } from '../declaration/values.ts'
import { utf8 } from '../encoding/bytes.ts'
import type { ArchiveDeclarant, ArchiveStatement } from './archive-statement.ts'
import { statementMapper } from './map-statement.ts'

const NOBODY: ArchiveDeclarant = {
  name: null,
  organisations: [],
  sector: null,
  standing: null,
  position: null,
  region: null,
}
const archive = (changes: Partial<ArchiveStatement>): ArchiveStatement => ({
  text: 'A made-up text.',
  language: 'en',
  voice: 'own',
  date: null,
  persons: null,
  declarants: [NOBODY],
  ...changes,
})
const map = statementMapper((prose) => (prose === 'CCP' ? ['party'] : undefined))
const declarants = (...given: readonly Partial<ArchiveDeclarant>[]) =>
  given.map((one) => ({ ...NOBODY, ...one }))

test('words for organisations are mapped, and what is not known is unstated and told', () => {
  const { statement, unknownProse } = map(
    archive({
      declarants: declarants(
        { organisations: 'CCP' },
        { organisations: 'a club' },
        { organisations: ['league', 'pioneers'] },
        { organisations: [] },
        { organisations: '' },
      ),
    }),
  )
  assert.deepEqual(
    statement.declarations.map(({ orgs }) => orgs.join(',')),
    ['party', 'unstated', 'league,pioneers', 'unstated', 'unstated'],
  )
  assert.deepEqual(unknownProse, ['a club'])
})

test('a bare number beyond the names is claimed and makes no declarations', () => {
  const { statement, isMismatch } = map(archive({ persons: 112 }))
  assert.equal(statement.claimed, 111)
  assert.equal(statement.declarations.length, 1)
  assert.equal(isMismatch, true)
})

test('fewer persons than names claims nobody, and is a mismatch too', () => {
  const { statement, isMismatch } = map(archive({ persons: 1, declarants: declarants({}, {}) }))
  assert.equal(statement.claimed, 0)
  assert.equal(statement.declarations.length, 2)
  assert.equal(isMismatch, true)
})

test('a number that fits, or none, is no mismatch', () => {
  assert.equal(map(archive({ persons: 1 })).isMismatch, false)
  assert.equal(map(archive({ persons: null })).isMismatch, false)
})

test('what is known of a person stands in the about lines, each in its own place', () => {
  const known = { sector: 'army', standing: 'former', position: 'clerk', region: 'cn-hebei' }
  const { statement } = map(
    archive({
      language: 'zh-hans',
      voice: 'reported',
      date: '2004-12-03',
      declarants: declarants(known, {}, { ...known, position: null, region: 'clerk' }),
    }),
  )
  const [first, second, third] = statement.declarations.map(({ about }) => parseAbout(utf8(about)))
  const always = {
    language: 'zh-hans',
    voice: 'reported',
    channel: 'import',
    claimedDay: '2004-12-03',
    few: false,
  }
  assert.deepEqual(first, { ...always, ...known })
  assert.deepEqual(second, always)
  assert.deepEqual(third, { ...always, sector: 'army', standing: 'former', region: 'clerk' })
})
