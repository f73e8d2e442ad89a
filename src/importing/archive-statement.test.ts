import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFormDefinition } from '../declaration/form-definition.ts'
import { archiveReader } from './archive-statement.ts'
import { ImportError } from './error.ts'

const form = parseFormDefinition(
  readFileSync(new URL('../../registers/quit-ccp/form.json', import.meta.url), 'utf8'),
)
const read = archiveReader(form)
const readValue = (value: unknown) => read({ number: 7, text: JSON.stringify(value) })
const LEAST = { text: 'A made-up text.', language: 'en' }

test('a line with nothing but a text and its language is a statement of nobody named', () => {
  assert.deepEqual(readValue(LEAST), {
    ...LEAST,
    voice: 'own',
    date: null,
    persons: null,
    declarants: [],
  })
})

test('what is known of a declarant is kept, and what is not stays unknown', () => {
  const { declarants, date, persons } = readValue({
    ...LEAST,
    date: '2004-12-03',
    persons: 112,
    declarants: [
      {
        name: '  Sample\tPerson ',
        organisations: ['pioneers', 'league', 'league'],
        sector: 'army',
      },
      { organisations: ' 退出党团队', standing: 'retired', position: 'clerk', region: 'cn-hebei' },
    ],
  })
  assert.equal(date, '2004-12-03')
  assert.equal(persons, 112)
  assert.deepEqual(declarants, [
    {
      name: 'Sample Person',
      organisations: ['league', 'pioneers'],
      sector: 'army',
      standing: null,
      position: null,
      region: null,
    },
    {
      name: null,
      organisations: '退出党团队',
      sector: null,
      standing: 'retired',
      position: 'clerk',
      region: 'cn-hebei',
    },
  ])
})

const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ['no text', { language: 'en' }, /\$\.text/],
  ['an empty text', { ...LEAST, text: ' \n' }, /\$\.text: expected a text/],
  [
    'a text over the bound',
    { ...LEAST, text: 'x'.repeat(20_001) },
    /\$\.text: too long|empty or too long/,
  ],
  ['no language', { text: 'A text.' }, /\$\.language/],
  ['a member nobody knows', { ...LEAST, phone: 'x' }, /unknown members/],
  [
    'a declarant with a member nobody knows',
    { ...LEAST, declarants: [{ email: 'x' }] },
    /declarants\[0\]/,
  ],
  [
    'an organisation outside the form',
    { ...LEAST, declarants: [{ organisations: ['club'] }] },
    /organisations/,
  ],
  ['a sector outside the form', { ...LEAST, declarants: [{ sector: 'navy' }] }, /\[0\]\.sector/],
  [
    'a region outside the form',
    { ...LEAST, declarants: [{ region: 'atlantis' }] },
    /\[0\]\.region/,
  ],
  ['a name over the bound', { ...LEAST, declarants: [{ name: 'x'.repeat(121) }] }, /\[0\]\.name/],
  [
    'a position over the bound',
    { ...LEAST, declarants: [{ position: 'x'.repeat(61) }] },
    /position/,
  ],
  ['a day that does not exist', { ...LEAST, date: '2005-02-30' }, /\$\.date: expected a day/],
  ['a count that is no count', { ...LEAST, persons: -1 }, /\$\.persons/],
  [
    'more declarants than a statement may have',
    { ...LEAST, declarants: Array(2001).fill({}) },
    /declarants/,
  ],
]

for (const [what, value, message] of REFUSED) {
  test(`${what} is refused with its line and its place`, () => {
    assert.throws(
      () => readValue(value),
      (error) =>
        error instanceof ImportError &&
        error.code === 'bad_line' &&
        error.line === 7 &&
        error.message.startsWith('line 7: ') &&
        message.test(error.message),
    )
  })
}

test('what does not read as JSON is refused without being quoted', () => {
  assert.throws(
    () => read({ number: 3, text: '{"text": SECRET}' }),
    (error) => error instanceof ImportError && error.message === 'line 3: not JSON',
  )
})

test('any line reads or is refused with its number', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({ text: fc.string(), language: fc.string(), declarants: fc.array(fc.jsonValue()) }),
    fc.record({
      text: fc.string({ minLength: 1 }),
      language: fc.constant('en'),
      declarants: fc.array(fc.record({ name: fc.string(), position: fc.string() })),
    }),
  )
  fc.assert(
    fc.property(value, (given) => {
      try {
        readValue(given)
      } catch (error) {
        assert.ok(error instanceof ImportError && error.line === 7)
      }
    }),
  )
})
