import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sha256 } from '../../test/support/declaration-examples.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { generateAlias, parseAliasWords } from './alias.ts'
import { DeclarationError } from './error.ts'
import { formHash, labelIn, parseFormDefinition } from './form-definition.ts'
import { parseRegisterTexts } from './register-texts.ts'
import { encodeBody, parseBody } from './values.ts'

const registers = new URL('../../registers/', import.meta.url)
const read = (register: string, file: string) =>
  readFileSync(new URL(`${register}/${file}`, registers), 'utf8')
const refuses = (code: DeclarationError['code']) => (error: unknown) =>
  error instanceof DeclarationError && error.code === code
const REGISTERS = readdirSync(registers)
const quit = read('quit-ccp', 'form.json')

test('two registers are here, so that nothing can be fitted to one', () => {
  assert.ok(REGISTERS.includes('quit-ccp') && REGISTERS.length >= 2)
})

for (const register of REGISTERS) {
  test(`${register}: form, texts and alias words are read in every language of the form`, () => {
    const form = parseFormDefinition(read(register, 'form.json'))
    assert.equal(form.id, register)
    const aliasWords = parseAliasWords(read(register, 'alias.json'))
    for (const language of form.languages) {
      parseRegisterTexts(read(register, `texts.${language}.json`))
      assert.ok(aliasWords.languages[language] !== undefined, language)
      for (const { id } of form.standardTexts) {
        const body = { kind: 'standard' as const, language, id }
        assert.deepEqual(parseBody(encodeBody(body)), body)
      }
    }
  })
}

test('the first register offers the organisations and sectors the service knows', () => {
  const form = parseFormDefinition(quit)
  const ids = (choices: readonly { readonly id: string }[]) => choices.map(({ id }) => id)
  assert.deepEqual(ids(form.organisations), ['party', 'league', 'pioneers', 'affiliated', 'other'])
  assert.equal(form.sectors.length, 13)
  assert.ok(form.regions.length > 34)
  assert.deepEqual(form.languages, ['zh-hans', 'zh-hant', 'en'])
})

test('a form whose organisations do not all fit one leaf is refused', () => {
  const form = parseFormDefinition(quit)
  const withIds = (count: number, chars: number) => {
    const organisations = numbered('', count).map((number) => ({
      id: `o${number.padStart(chars - 1, '0')}`,
      label: form.organisations[0]?.label,
    }))
    return JSON.stringify({ ...form, organisations })
  }
  // 152 characters are left for them with the commas between.
  assert.equal(parseFormDefinition(withIds(9, 16)).organisations.length, 9)
  assert.throws(() => parseFormDefinition(withIds(9, 17)), refuses('bad_form'))
})

test('no rejection tells a sender that somebody has declared before', () => {
  for (const register of REGISTERS) {
    const { rejectionReasons } = parseFormDefinition(read(register, 'form.json'))
    assert.doesNotMatch(JSON.stringify(rejectionReasons), /already|duplicate|重复|重複|已经|已經/)
  }
})

test('the hash of a form is that of its canonical JSON, whatever the file looks like', () => {
  const form = parseFormDefinition(quit)
  const respelled = JSON.stringify(JSON.parse(quit), null, 7)
  assert.equal(formHash(parseFormDefinition(respelled), sha256), formHash(form, sha256))
  const canonical = new TextEncoder().encode(canonicalJson(JSON.parse(quit)))
  assert.equal(formHash(form, sha256), Buffer.from(sha256(canonical)).toString('hex'))
  assert.notEqual(formHash({ ...form, version: 2 }, sha256), formHash(form, sha256))
})

test('a label falls back to the first language of the form', () => {
  const [party] = parseFormDefinition(quit).organisations
  assert.equal(labelIn(party?.label ?? {}, 'en'), 'Chinese Communist Party')
  assert.equal(labelIn(party?.label ?? {}, 'eo'), party?.label['zh-hans'])
})

type Json = { [key: string]: unknown }
for (const [what, change] of [
  ['without a member', (form: Json) => delete form['regions']],
  ['with an unknown member', (form: Json) => Object.assign(form, { theme: 'x' })],
  ['with an organisation twice', (form: Json) => push(form['organisations'], { id: 'party' })],
  [
    'that offers unstated as an organisation',
    (form: Json) => push(form['organisations'], { id: 'unstated' }),
  ],
  [
    'without the sector others',
    (form: Json) => Object.assign(form, { sectors: first(form['sectors']) }),
  ],
  [
    'without a label in one language',
    (form: Json) => Object.assign(form, { languages: ['en', 'fr'] }),
  ],
  [
    'that publishes before it begins',
    (form: Json) => Object.assign(form['notBefore'] ?? {}, { minHours: 99 }),
  ],
  ['of a newer format', (form: Json) => Object.assign(form, { format: 'avow/form/v2' })],
] as const) {
  test(`a form ${what} is refused`, () => {
    const form: Json = JSON.parse(quit)
    change(form)
    assert.throws(() => parseFormDefinition(JSON.stringify(form)), refuses('bad_form'))
  })
}

test('what is not JSON, and what is too long, is refused', () => {
  assert.throws(() => parseFormDefinition('{'), refuses('bad_form'))
  assert.throws(() => parseFormDefinition(`${' '.repeat(1 << 20)}${quit}`), refuses('bad_form'))
  assert.throws(() => parseRegisterTexts('[]'), refuses('bad_form'))
})

function push(list: unknown, choice: { readonly id: string }): void {
  assert.ok(Array.isArray(list))
  list.push({ ...choice, label: { 'zh-hans': 'x', 'zh-hant': 'x', en: 'x' } })
}

function first(list: unknown): unknown[] {
  assert.ok(Array.isArray(list))
  return list.slice(0, 1)
}

test('an alias draws every word and digit alike, and says nothing of who asked', () => {
  const aliasWords = parseAliasWords(
    JSON.stringify({
      format: 'avow/alias-words/v1',
      digits: 9,
      languages: { en: { separator: ' ', words: [numbered('A', 3), numbered('B', 400)] } },
    }),
  )
  let state = 1
  const random = (length: number) =>
    Uint8Array.from({ length }, () => {
      state = (state * 48_271) % 0x7fffffff
      return state >> 12
    })
  const drawn = new Map<string, number>()
  for (let i = 0; i < 3000; i++) {
    const alias = generateAlias(aliasWords, 'fr', random)
    assert.match(alias, /^A\d+ B\d+ \d{9}$/)
    const [word = ''] = alias.split(' ')
    drawn.set(word, (drawn.get(word) ?? 0) + 1)
  }
  for (const count of drawn.values()) assert.ok(count > 850 && count < 1150, String(count))
  assert.equal(drawn.size, 3)
})

test('a draw above the largest multiple is drawn again, so that no word is likelier', () => {
  const aliasWords = parseAliasWords(read('quit-ccp', 'alias.json'))
  const draws = [
    [255, 255, 255, 255],
    [0, 0, 0, 1],
  ]
  const random = () => Uint8Array.from(draws.shift() ?? [0, 0, 0, 0])
  const alias = generateAlias(
    { ...aliasWords, languages: { en: { separator: ' ', words: [numbered('A', 3)] } } },
    'en',
    random,
  )
  assert.equal(alias, 'A1 000000')
})

test('alias words that would repeat among many persons are refused', () => {
  const few = (digits: number, words: readonly (readonly string[])[]) =>
    JSON.stringify({
      format: 'avow/alias-words/v1',
      digits,
      languages: { en: { separator: '', words } },
    })
  assert.throws(
    () => parseAliasWords(few(6, [numbered('A', 128), numbered('B', 128)])),
    refuses('bad_alias_words'),
  )
  assert.throws(
    () => parseAliasWords(few(9, [['a', 'a', ...numbered('A', 2000)]])),
    refuses('bad_alias_words'),
  )
})

function numbered(letter: string, length: number): string[] {
  return Array.from({ length }, (_, i) => `${letter}${i}`)
}
