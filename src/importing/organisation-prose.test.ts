import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFormDefinition } from '../declaration/form-definition.ts'
import { ImportError } from './error.ts'
import { findOrganisations, parseOrganisationProse } from './organisation-prose.ts'

const registers = new URL('../../registers/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, registers), 'utf8')
const tableOf = (id: string) =>
  parseOrganisationProse(
    read(`${id}/organisation-prose.json`),
    parseFormDefinition(read(`${id}/form.json`)),
  )
const quitCcp = tableOf('quit-ccp')
const association = tableOf('leave-sports-association')

const KNOWN: readonly (readonly [string, string])[] = [
  ['CCP', 'party'],
  ['the Chinese Communist Party', 'party'],
  ['CCP and its affiliated organizations', 'affiliated,party'],
  ['the Chinese Communist Party and all its affiliated organisations.', 'affiliated,party'],
  ['Youth League and Young Pioneers', 'league,pioneers'],
  ['Quit the CCP, the Youth League, and the Young Pioneers', 'league,party,pioneers'],
  ['退出党团队', 'league,party,pioneers'],
  ['退出黨、團、隊', 'league,party,pioneers'],
  ['三退', 'league,party,pioneers'],
  ['退出共青团和少先队', 'league,pioneers'],
  ['退团队', 'league,pioneers'],
  ['声明退出中国共产党及其附属组织。', 'affiliated,party'],
  ['退党、退团、退队', 'league,party,pioneers'],
  ['聲明退出中共黨團隊及其附屬組織', 'affiliated,league,party,pioneers'],
  ['ＣＣＰ　', 'party'],
]

for (const [prose, expected] of KNOWN) {
  test(`"${prose}" names ${expected}`, () => {
    assert.equal(findOrganisations(prose, quitCcp)?.join(','), expected)
  })
}

const UNKNOWN = [
  '',
  '、',
  'the',
  'everything',
  'CCP and the Rotary club',
  '退出党和工会',
  'not the CCP',
  '退休党员俱乐部',
  'sports association',
  'toString',
  'constructor',
]

for (const prose of UNKNOWN) {
  test(`"${prose}" is not known, as a whole`, () => {
    assert.equal(findOrganisations(prose, quitCcp), undefined)
  })
}

test('affiliated organisations are never taken for the named ones', () => {
  assert.deepEqual(findOrganisations('其一切附属组织', quitCcp), ['affiliated'])
})

test('another register has words of its own', () => {
  assert.deepEqual(
    findOrganisations('I resign from the sports association and its youth section', association),
    ['association', 'youth-section'],
  )
  assert.equal(findOrganisations('CCP', association), undefined)
})

test('any words are known as organisations of the form or not at all', () => {
  const ids = new Set(['party', 'league', 'pioneers', 'affiliated'])
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(...KNOWN.map(([prose]) => prose), '、', ' and '),
  )
  fc.assert(
    fc.property(
      fc.array(words).map((parts) => parts.join('')),
      (prose) => {
        const found = findOrganisations(prose, quitCcp)
        assert.ok(found === undefined || (found.length > 0 && found.every((id) => ids.has(id))))
      },
    ),
  )
})

test('a table with an organisation the form does not have is refused', () => {
  const form = parseFormDefinition(read('quit-ccp/form.json'))
  const table = (phrases: unknown) =>
    JSON.stringify({ format: 'avow/organisation-prose/v1', leadIns: [], separators: [], phrases })
  const refused = (phrases: unknown, message: RegExp) =>
    assert.throws(
      () => parseOrganisationProse(table(phrases), form),
      (error) =>
        error instanceof ImportError &&
        error.code === 'bad_prose_table' &&
        message.test(error.message),
    )
  refused([{ organisations: ['club'], written: ['club'] }], /no organisation club/)
  refused(
    [
      { organisations: ['party'], written: ['CCP'] },
      { organisations: ['league'], written: ['ccp'] },
    ],
    /stands twice/,
  )
  refused([{ organisations: [], written: ['ccp'] }], /organisations/)
})
