import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFormDefinition } from '../../../declaration/form-definition.ts'
import { parsePaste } from './paste.ts'

const folder = join(import.meta.dirname, '../../../../registers/quit-ccp')
const form = parseFormDefinition(readFileSync(join(folder, 'form.json'), 'utf8'))

test('organisations after a name are read by number, id and label, whatever separates them', () => {
  const lines = [
    'Wei Wei, 1 3',
    '小韦 1、2',
    '小韋　３，１',
    'Wei | party; pioneers',
    '小韦；中国共产党',
    'Wei Wei',
    'Wei 1 Wei',
    '  \t ',
    'Wei, 1,',
  ]
  assert.deepEqual(
    parsePaste(lines.join('\r\n'), form).map(({ name, organisations }) => [name, ...organisations]),
    [
      ['Wei Wei', 'party', 'pioneers'],
      ['小韦', 'league', 'party'],
      ['小韋', 'party', 'pioneers'],
      ['Wei', 'party', 'pioneers'],
      ['小韦', 'party'],
      ['Wei Wei'],
      ['Wei 1 Wei'],
      ['Wei', 'party'],
    ],
  )
})

test('any text makes one tidy line a person', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      for (const { name, organisations } of parsePaste(text, form)) {
        assert.equal(name, name.trim())
        assert.doesNotMatch(name, /\p{Cc}/u)
        assert.equal(new Set(organisations).size, organisations.length)
      }
    }),
  )
})
