import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fields, WebForm } from '../../../../test/support/web-form.ts'

const open = () => new WebForm().open()
const start: readonly Fields[] = [
  { who: 'group' },
  { organisation: 'party' },
  { 'name-kind': 'real', name: 'Example One' },
]
const end: readonly Fields[] = [{}, { words: 'standard-leave' }, { consent: ['text', 'name'] }]

test('each of a group has own organisations, consents, evidence and receipt, shown one at a time', async () => {
  const form = await open()
  const check = await form.walk([
    ...start,
    {
      'row-0-name': 'Example Two',
      'row-0-kind': 'alias',
      'row-0-organisation': ['league'],
      'row-2-kind': 'generated',
      'row-2-organisation': ['unstated'],
      claimed: '１１１',
    },
    ...end,
    { asked: 'yes', 'consent-0': ['text', 'bulletin'], 'consent-2': 'name' },
  ])
  const first = await form.post('/en/declare', { state: check.state, go: 'send', receipt: 'yes' })
  const [received] = form.received
  const { persons, claimed } = received?.submission ?? { persons: [], claimed: 0 }
  assert.equal(claimed, 111)
  assert.deepEqual(
    persons.map(({ evidence, key, organisations }) => [evidence, key, ...organisations]),
    [
      ['self', 'served', 'party'],
      ['consented', 'handed', 'league'],
      ['consented', 'handed', 'unstated'],
    ],
  )
  assert.deepEqual(
    persons.map(({ name }) => name?.kind),
    ['real', 'alias', 'generated'],
  )
  const given = persons.map(({ consents }) =>
    Object.entries(consents).flatMap(([id, yes]) => (yes ? [id] : [])),
  )
  assert.deepEqual(given, [['name', 'text'], ['bulletin', 'text'], ['name']])
  assert.match(first.text, /Receipt 1 of 3/)
  const second = await form.post('/en/declare', { state: first.state, go: 'next-receipt' })
  assert.equal(second.heading, 'Give this to: Example Two')
  assert.equal(second.words.length, 12)
  assert.ok(!second.text.includes(first.words.join('')))
  const third = await form.post('/en/declare', { state: second.state, go: 'next-receipt' })
  assert.equal(new Set([first, second, third].map(({ words }) => words.join(' '))).size, 3)
  const beyond = await form.post('/en/declare', { state: third.state, go: 'next-receipt' })
  assert.deepEqual(beyond.words, third.words)
  assert.equal(received?.meta.receipts.length, 3)
})

test('others who did not all answer are passed on and only counted, whatever is ticked', async () => {
  const form = await open()
  const check = await form.walk([
    ...start,
    { 'row-0-name': 'Example Two', 'row-0-organisation': 'league' },
    ...end,
    { asked: 'no', 'consent-0': ['text', 'name', 'bulletin', 'broadcast'] },
  ])
  await form.post('/en/declare', { state: check.state, go: 'send' })
  const other = form.received[0]?.submission.persons[1]
  assert.equal(other?.evidence, 'relayed')
  assert.ok(other && Object.values(other.consents).every((given) => !given))
})

test('a pasted list of 499 makes 500 declarations with a receipt each', async () => {
  const form = await open()
  const lines = Array.from({ length: 499 }, (_, i) => `Example ${i}x${i % 2 === 0 ? ', 1 3' : ''}`)
  const rows = await form.walk(start)
  const paste = await form.post('/en/declare', { state: rows.state, go: 'paste' })
  let page = await form.post('/en/declare', {
    state: paste.state,
    paste: lines.join('\r\n'),
    'paste-organisation': 'league',
  })
  for (const fields of [...end, { asked: 'yes', 'consent-all': ['text', 'name'] }]) {
    page = await form.post('/en/declare', { state: page.state, go: 'next', ...fields })
  }
  assert.equal(page.heading, 'Check your answers')
  await form.post('/en/declare', { state: page.state, go: 'send', receipt: 'yes' })
  const [received] = form.received
  assert.equal(received?.submission.persons.length, 500)
  assert.deepEqual(received?.submission.persons[1]?.organisations, ['party', 'pioneers'])
  assert.deepEqual(received?.submission.persons[2]?.organisations, ['league'])
  assert.equal(received?.submission.persons[2]?.name?.value, 'Example 1x')
  assert.equal(new Set(received?.meta.receipts.map(({ lookupHash }) => `${lookupHash}`)).size, 500)
})

test('a list that is too long, or a line without name or organisations, is named by its number', async () => {
  const form = await open()
  const rows = await form.walk(start)
  const { state } = await form.post('/en/declare', { state: rows.state, go: 'paste' })
  const paste = async (text: string) =>
    (await form.post('/en/declare', { state, paste: text })).text
  assert.match(await paste('Example 1\nNobody'), /Line 2: write the numbers/)
  assert.match(await paste(`Example 1\n${'y'.repeat(121)} 1`), /Line 2: the name is missing/)
  assert.match(await paste('Example 1\n'.repeat(500)), /The list has 500 lines; at most 499 fit/)
  assert.match(await paste('x'.repeat(200_000)), /The list is too long/)
  assert.match(await paste(''), /Enter at least one other person/)
})

test('a number without people is claimed and makes no declaration', async () => {
  const form = await open()
  const check = await form.walk([...start, { claimed: '12' }, ...end])
  assert.match(check.text, /The further number you gave \(12\)/)
  await form.post('/en/declare', { state: check.state, go: 'send' })
  assert.equal(form.received[0]?.submission.persons.length, 1)
  assert.equal(form.received[0]?.submission.claimed, 12)
})

test('rows grow to twenty and keep what was typed', async () => {
  const form = await open()
  let page = await form.walk(start)
  for (let i = 0; i < 6; i++) {
    page = await form.post('/en/declare', {
      state: page.state,
      go: 'more',
      'row-0-name': 'Example Two',
    })
  }
  assert.equal(page.text.match(/name="row-\d+-name"/g)?.length, 20)
  assert.match(page.text, /value="Example Two"/)
  assert.match(page.text, /More than 20 people\?/)
})

test('for someone who asked: every answer makes it consented, a missing one makes it counted only', async () => {
  for (const [script, evidence] of [
    ['yes', 'consented'],
    ['no', 'relayed'],
  ] as const) {
    const form = await open()
    const check = await form.walk([
      { who: 'asked' },
      { script },
      { organisation: 'party' },
      { 'name-kind': 'alias', name: 'Example' },
      { position: 'teacher' },
      { words: 'own', text: 'Said on the telephone.' },
      ...(script === 'yes' ? [{ consent: ['text', 'name', 'position', 'few'] }] : []),
    ])
    assert.equal(check.heading, 'Check your answers')
    await form.post('/en/declare', { state: check.state, go: 'send' })
    const person = form.received[0]?.submission.persons[0]
    assert.equal(person?.evidence, evidence)
    assert.equal(person?.key, 'handed')
    assert.equal(person?.about.voice, 'reported')
    const given = Object.values(person?.consents ?? {}).filter(Boolean).length
    assert.equal(given, script === 'yes' ? 4 : 0)
  }
})
