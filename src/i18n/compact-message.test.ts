import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from '../intake/channels/web/messages.en.ts'
import { zhHans } from '../intake/channels/web/messages.zh-hans.ts'
import { zhHant } from '../intake/channels/web/messages.zh-hant.ts'
import { createCatalogue } from './catalogue.ts'
import { compactMessages } from './compact-catalogue.ts'
import { createCompactTranslate } from './compact-message.ts'
import { languages } from './languages.ts'

const catalogues = { en, 'zh-hans': zhHans, 'zh-hant': zhHant }

test('every message of the form says the same as in the full catalogue, for every kind of number', () => {
  const catalogue = createCatalogue<string>(catalogues)
  for (const language of languages) {
    const full = catalogue(language)
    const compact = createCompactTranslate(
      language,
      compactMessages(language, catalogues[language]),
    )
    for (const [key, text] of Object.entries(catalogues[language])) {
      const names = [...text.matchAll(/\{(\w+)/g)].map(([, name = '']) => name)
      for (const number of [0, 1, 2, 11, 500, 1_000_000]) {
        const values = Object.fromEntries(names.map((name) => [name, number]))
        assert.equal(compact(key, values), full(key, values), `${language} ${key} ${number}`)
      }
      if (/plural|number\}/.test(text)) continue
      const values = Object.fromEntries(names.map((name) => [name, `<${name}>`]))
      assert.equal(compact(key, values), full(key, values))
    }
  }
})

test('a missing message or value is an error and never a hole in a page', () => {
  const t = createCompactTranslate('en', compactMessages('en', { a: 'one {b}' }))
  assert.throws(() => t('z'), TypeError)
  assert.throws(() => t('a'), TypeError)
})

test('what a browser could not write the same way is refused when it is compacted', () => {
  for (const text of [
    '{a, date}',
    '{a, select, other {x}}',
    '{a, number, ::percent}',
    '{a, selectordinal, other {#}}',
  ]) {
    assert.throws(() => compactMessages('en', { text }), TypeError)
  }
})
