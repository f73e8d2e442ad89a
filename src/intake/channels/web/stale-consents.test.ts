import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fields, WebForm } from '../../../../test/support/web-form.ts'

const PATH = '/en/declare'
const open = () => new WebForm().open()
const edit = (form: WebForm, state: string, step: string) =>
  form.post(PATH, { state, go: `edit-${step}` })
const go = (form: WebForm, state: string, fields: Fields = {}) =>
  form.post(PATH, { state, go: 'next', ...fields })

/** Goes on as the pages are until "check your answers", sends, and tells the consents of each person. */
async function sentConsents(form: WebForm, state: string): Promise<string[][]> {
  await form.post(PATH, { state, go: 'send', receipt: 'no' })
  const { submission } = form.received.at(-1) ?? assert.fail('nothing was sent')
  return submission.persons.map(({ consents }) =>
    Object.entries(consents).flatMap(([id, yes]) => (yes ? [id] : [])),
  )
}

const alone: readonly Fields[] = [
  { who: 'self' },
  { organisation: 'party' },
  { 'name-kind': 'alias', name: 'Alias' },
  { position: 'clerk', region: 'cn-beijing' },
  { words: 'own', text: 'My own words.' },
  { consent: ['text', 'name', 'position', 'few', 'bulletin'] },
]

test('a consent to show an alias is not one to show a real name', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const name = await edit(form, check.state, 'name')
  const asked = await go(form, name.state, { 'name-kind': 'real', name: 'Real Name' })
  assert.match(asked.text, /name="consent"/, 'it is asked again')
  assert.doesNotMatch(asked.text, /value="name"[^>]*checked/)
  assert.match(asked.text, /value="text"[^>]*checked/)
  const again = await go(form, asked.state, { consent: ['text', 'bulletin'] })
  assert.deepEqual(await sentConsents(form, again.state), [['bulletin', 'text']])
})

test('a consent to show a text, a position or a place is asked again for another', async () => {
  const edits: readonly (readonly [string, Fields, readonly string[]])[] = [
    ['words', { words: 'own', text: 'Other words.' }, ['text']],
    ['about', { position: 'head clerk', region: 'cn-beijing' }, ['position', 'few']],
    ['about', { position: 'clerk', region: 'cn-hebei' }, ['few']],
  ]
  for (const [step, fields, dropped] of edits) {
    const form = await open()
    const check = await form.walk(alone)
    const page = await edit(form, check.state, step)
    const asked = await go(form, page.state, fields)
    const ticked = [...asked.text.matchAll(/value="(\w+)"[^>]*checked/g)].map(([, id]) => id)
    const kept = ['text', 'name', 'position', 'few', 'bulletin'].filter(
      (id) => !dropped.includes(id),
    )
    assert.deepEqual(ticked.sort(), kept.sort(), step)
  }
})

test('an edit that changes nothing asks nothing again', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const name = await edit(form, check.state, 'name')
  const back = await go(form, name.state, { 'name-kind': 'alias', name: 'Alias' })
  assert.deepEqual(await sentConsents(form, back.state), [
    ['bulletin', 'few', 'name', 'position', 'text'],
  ])
})

const group: readonly Fields[] = [
  { who: 'group' },
  { organisation: 'party' },
  { 'name-kind': 'none' },
  {
    'row-0-name': 'Example Two',
    'row-0-organisation': 'league',
    'row-1-name': 'Example Three',
    'row-1-organisation': 'league',
  },
  {},
  { words: 'standard-leave' },
  { consent: 'text' },
  { asked: 'yes', 'consent-0': ['text', 'name'], 'consent-1': ['text', 'name'] },
]

test('what one of a group agreed to is not agreed to by whoever takes the row', async () => {
  const form = await open()
  const check = await form.walk(group)
  const others = await edit(form, check.state, 'others')
  const asked = await go(form, others.state, {
    'row-0-name': 'Somebody Else',
    'row-0-organisation': 'league',
    'row-1-name': 'Example Three',
    'row-1-organisation': 'league',
  })
  assert.match(asked.text, /name="asked"/, 'all of them are asked again')
  assert.doesNotMatch(asked.text, /name="consent-0"[^>]*checked/)
  assert.match(asked.text, /name="consent-1"[^>]*checked/)
  assert.doesNotMatch(asked.text, /name="asked"[^>]*checked/)
})

test('what a group agreed to is asked again for another list or another text', async () => {
  const paste: readonly Fields[] = [
    ...group.slice(0, 3),
    { go: 'paste' },
    { paste: 'Example Two 1\nExample Three 2', 'paste-kind': 'alias' },
    ...group.slice(4, 7),
    { asked: 'yes', 'consent-all': ['text', 'name'] },
  ]
  const form = await open()
  const check = await form.walk(paste)
  const others = await edit(form, check.state, 'others')
  const relisted = await go(form, others.state, { paste: 'Somebody Else 1', 'paste-kind': 'alias' })
  assert.doesNotMatch(relisted.text, /name="(?:asked|consent-all)"[^>]*checked/)
  const words = await edit(form, check.state, 'words')
  const own = await go(form, words.state, { words: 'own', text: 'Words of one of them.' })
  const reworded = await go(form, own.state, { consent: ['text'] })
  assert.match(reworded.text, /name="consent-all" value="name"[^>]*checked/)
  assert.doesNotMatch(reworded.text, /name="consent-all" value="text"[^>]*checked/)
  assert.doesNotMatch(reworded.text, /name="asked"[^>]*checked/)
})
