import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCatalogue } from './catalogue.ts'

const complete = {
  en: { people: '{count, plural, one {# person} other {# people}}', plain: 'Fine <b>' },
  'zh-hans': { people: '{count}人', plain: '好' },
  'zh-hant': { people: '{count}人', plain: '好' },
}

test('a message takes its plural form from the language', () => {
  const t = createCatalogue(complete)
  assert.equal(t('en')('people', { count: 1 }), '1 person')
  assert.equal(t('en')('people', { count: 1200 }), '1,200 people')
  assert.equal(t('zh-hans')('people', { count: 2 }), '2人')
})

test('angle brackets in a message stay text', () => {
  assert.equal(createCatalogue(complete)('en')('plain'), 'Fine <b>')
})

test('a key missing in one language stops the start', () => {
  const { plain: _, ...rest } = complete['zh-hant']
  const broken: Record<string, string> = rest
  assert.throws(
    () => createCatalogue<string>({ ...complete, 'zh-hant': broken }),
    /plain is missing in zh-hant/,
  )
})

test('a placeholder missing in one language stops the start', () => {
  const broken = { ...complete['zh-hans'], people: '人' }
  assert.throws(
    () => createCatalogue({ ...complete, 'zh-hans': broken }),
    /people has other placeholders/,
  )
})

test('a value that is not given throws instead of showing a placeholder', () => {
  assert.throws(() => createCatalogue(complete)('zh-hans')('people'))
})
