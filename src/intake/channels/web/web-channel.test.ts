import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { alone, WebForm } from '../../../../test/support/web-form.ts'
import { lookupHash, parseReceipt, receiptSecrets } from '../../../declaration/receipt.ts'
import { toHex } from '../../../encoding/hex.ts'
import { createAssets } from '../../../ui/assets.ts'
import { wordlists } from './wordlists.ts'

const HOUR_MS = 60 * 60 * 1000
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const open = () => new WebForm().open()

test('a person alone who changes nothing is only counted and holds the receipt of what was stored', async () => {
  const form = await open()
  const check = await form.walk(alone)
  assert.equal(check.heading, 'Check your answers')
  assert.equal(form.received.length, 0)
  const page = await form.post('/en/declare', { state: check.state, go: 'send', receipt: 'yes' })
  assert.equal(page.heading, 'Your declaration has arrived')
  const [received] = form.received
  const [person] = received?.submission.persons ?? []
  assert.ok(received && person?.receipt)
  assert.equal(received.submission.who, 'self')
  assert.equal(person.name, null)
  assert.deepEqual(person.organisations, ['league', 'party'])
  assert.deepEqual(Object.values(person.consents), Array(6).fill(false))
  assert.deepEqual(
    [person.evidence, person.key, person.about.voice],
    ['self', 'served', 'standard'],
  )
  const secrets = receiptSecrets(parseReceipt(page.words.join(' '), wordlists))
  assert.equal(person.receipt.lookup, lookupHash(secrets.lookupId, sha256))
  assert.equal(toHex(received.meta.id), toHex(secrets.submissionId))
  assert.deepEqual(
    received.meta.receipts,
    [{ lookupHash: sha256(secrets.lookupId), person: 0, alone: true }].map((one) => ({
      ...one,
      lookupHash: Uint8Array.from(one.lookupHash),
    })),
  )
})

test('a second press stores nothing new and shows the same receipt', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const send = { state: check.state, go: 'send', receipt: 'yes' }
  const [first, second] = [
    await form.post('/en/declare', send),
    await form.post('/en/declare', send),
  ]
  assert.deepEqual(second.words, first.words)
  assert.equal(first.words.length, 12)
  assert.equal(form.received.length, 1)
})

test('going back and editing makes another receipt and says what it takes the place of', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const sent = await form.post('/en/declare', { state: check.state, go: 'send' })
  const edit = await form.post('/en/declare', { state: check.state, go: 'edit-organisations' })
  assert.match(edit.text, /value="party" autocomplete="off" checked/)
  const again = await form.post('/en/declare', {
    state: edit.state,
    go: 'next',
    organisation: 'pioneers',
  })
  assert.equal(again.heading, 'Check your answers')
  const edited = await form.post('/en/declare', { state: again.state, go: 'send' })
  assert.notDeepEqual(edited.words, sent.words)
  const [first, second] = form.received
  assert.equal(second?.submission.replaces, toHex(first?.meta.id ?? new Uint8Array()))
  assert.deepEqual(second?.submission.persons[0]?.organisations, ['pioneers'])
})

test('looking at an answer without changing it keeps the receipt', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const sent = await form.post('/en/declare', { state: check.state, go: 'send' })
  const edit = await form.post('/en/declare', { state: check.state, go: 'edit-who' })
  const again = await form.post('/en/declare', { state: edit.state, go: 'next', who: 'self' })
  const resent = await form.post('/en/declare', { state: again.state, go: 'send' })
  assert.deepEqual(resent.words, sent.words)
  assert.equal(form.received.length, 1)
})

test('an edit that opens a question never asked leads to that question', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const edit = await form.post('/en/declare', { state: check.state, go: 'edit-who' })
  const asked = await form.post('/en/declare', { state: edit.state, go: 'next', who: 'asked' })
  assert.equal(asked.heading, 'Ask the person these questions')
  const back = await form.post('/en/declare', { state: asked.state, go: 'next', script: 'no' })
  assert.equal(back.heading, 'Check your answers')
})

test('a receipt declined and then wanted is the one that is stored', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const send = (receipt: string) =>
    form.post('/en/declare', { state: check.state, go: 'send', receipt })
  await send('no')
  const page = await send('yes')
  const receipt = receiptSecrets(parseReceipt(page.words.join(' '), wordlists))
  const stored = form.received.flatMap(({ meta }) => meta.receipts)
  assert.deepEqual(
    stored.map(({ lookupHash: hash }) => toHex(hash)),
    [lookupHash(receipt.lookupId, sha256)],
  )
})

test('a declined receipt leaves no keys, no look-up hash and no words', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const page = await form.post('/en/declare', { state: check.state, go: 'send', receipt: 'no' })
  assert.equal(page.words.length, 0)
  assert.match(page.text, /there is no receipt/)
  assert.equal(form.received[0]?.submission.persons[0]?.receipt, null)
  assert.deepEqual(form.received[0]?.meta.receipts, [])
})

test('when storage fails the page says so, still holds everything, and can be sent again', async () => {
  const form = await open()
  const check = await form.walk(alone)
  form.storageFails = true
  const failed = await form.post('/en/declare', { state: check.state, go: 'send' })
  assert.equal(failed.status, 503)
  assert.match(failed.title, /^Error: /)
  assert.equal(failed.words.length, 0)
  form.storageFails = false
  const sent = await form.post('/en/declare', { state: failed.state, go: 'send' })
  assert.equal(sent.words.length, 12)
  assert.equal(form.received.length, 1)
})

test('a wrong answer is named at the top and at its field, and what was typed is shown again', async () => {
  const form = await open()
  const page = await form.walk([
    { who: 'self' },
    { organisation: 'party' },
    { 'name-kind': 'alias', name: 'x'.repeat(121) },
  ])
  assert.equal(page.status, 422)
  assert.equal(page.title, 'Error: Form: name')
  assert.match(page.text, /<a href="#name">The name may have at most 120 characters<\/a>/)
  assert.match(page.text, /id="name-error"><span>The name may have at most 120 characters/)
  assert.ok(page.text.includes(`value="${'x'.repeat(121)}"`))
})

test('Back and another language lose nothing that was typed on the page they leave', async () => {
  const form = await open()
  const name = await form.walk([{ who: 'self' }, { organisation: 'party' }])
  const typed = { 'name-kind': 'alias', name: '无名' }
  const chinese = await form.post('/zh-hans/declare', { state: name.state, go: 'stay', ...typed })
  assert.equal(chinese.heading, '声明上用什么名字？')
  assert.match(chinese.text, /value="无名"/)
  const back = await form.post('/zh-hans/declare', { state: chinese.state, go: 'back', ...typed })
  assert.equal(back.heading, '您退出哪些组织？')
  const next = await form.post('/zh-hans/declare', { state: back.state, organisation: 'party' })
  assert.match(next.text, /value="无名"/)
})

test('changing the language on the check page shows that language before anything is sent', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const other = await form.post('/zh-hant/declare', { state: check.state, go: 'send' })
  assert.equal(other.heading, '請核對您的回答')
  assert.equal(form.received.length, 0)
  await form.post('/zh-hant/declare', { state: other.state, go: 'send' })
  assert.equal(form.received[0]?.submission.statement.language, 'zh-hant')
})

test('a page opens for an hour and is told to start again after two, with its text given back', async () => {
  const form = await open()
  const words = await form.walk(alone.slice(0, 4))
  form.now = new Date(form.now.getTime() + 1.9 * HOUR_MS)
  const typed = { words: 'own', text: 'My own sentence.' }
  assert.equal((await form.post('/en/declare', { state: words.state, ...typed })).status, 200)
  form.now = new Date(form.now.getTime() + HOUR_MS)
  const late = await form.post('/en/declare', { state: words.state, ...typed })
  assert.equal(late.status, 409)
  assert.equal(late.heading, 'Please start again')
  assert.match(late.text, /My own sentence\./)
})

test('another process, an altered page and rubbish are told to start again', async () => {
  const [form, restarted] = [await open(), await open()]
  const { state } = await form.walk(alone.slice(0, 2))
  const altered = `${state.slice(0, -2)}${state.endsWith('AA') ? 'BB' : 'AA'}`
  assert.equal((await restarted.post('/en/declare', { state })).status, 409)
  for (const odd of [altered, 'x', 'A'.repeat(2000), state.slice(0, 40)]) {
    assert.equal((await form.post('/en/declare', { state: odd })).status, 409)
  }
})

test('a body over the bound and a body that is no form get a page, and nothing is stored', async () => {
  const form = await open()
  const large = await form.post('/en/declare', { state: '', text: 'x'.repeat(600_000) })
  assert.equal(large.status, 413)
  assert.match(large.text, /at most 512 KB/)
  const odd = await form.channel.routes.request('/en/declare', { method: 'POST', body: '{}' })
  assert.equal(odd.status, 400)
})

test('the sealed page tells neither what was answered nor, by its size, how much', async () => {
  const form = await open()
  const short = await form.walk([
    { who: 'self' },
    { organisation: 'party' },
    { 'name-kind': 'none' },
  ])
  const long = await form.walk([
    { who: 'self' },
    { organisation: ['party', 'league', 'pioneers', 'other'] },
    { 'name-kind': 'alias', name: 'a longer name than none at all' },
  ])
  assert.equal(short.state.length, long.state.length)
  const bytes = Buffer.from(long.state, 'base64url')
  assert.ok(!bytes.includes('party') && !bytes.includes('longer name'))
})

test('every page is served without cookie, script, stored copy or foreign address', async () => {
  const form = await open()
  const check = await form.walk(alone)
  const receipt = await form.post('/en/declare', { state: check.state, go: 'send' })
  const pages = [await form.get('/zh-hans/declare'), await form.get('/en/receipt'), check, receipt]
  for (const page of [...pages, await form.get('/en/declare/leave')]) {
    assert.equal(page.headers.get('set-cookie'), null)
    assert.equal(page.headers.get('cache-control'), 'no-store')
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.doesNotMatch(page.text, /<script|https?:\/\/|method="get"/)
    assert.doesNotMatch(page.title, /Party|党|Register/)
  }
})

test('no field offers what somebody typed before, and none is sent to a spelling service', async () => {
  const form = await open()
  const pages = [
    await form.get('/en/receipt'),
    await form.walk(alone.slice(0, 2)),
    await form.walk(alone.slice(0, 3)),
    await form.walk(alone.slice(0, 4)),
    await form.walk([{ who: 'group' }, { organisation: 'party' }, { 'name-kind': 'none' }]),
  ]
  for (const { text } of pages) {
    const fields = text.match(/<(?:input type="text"|textarea)[^>]*>/g) ?? []
    assert.notEqual(fields.length, 0)
    for (const field of fields) assert.match(field, /autocomplete="off" spellcheck="false"/)
  }
})

test('the first page with all it loads weighs at most 30 kB in three requests', async () => {
  const { pageAssets } = await createAssets()
  const { text } = await (await open()).get('/en/declare')
  const loaded = [...text.matchAll(/<(?:link|img|script)[^>]*(?:href|src)="([^"]+)"/g)]
  const weight = pageAssets.reduce((sum, { bytes }) => sum + bytes.length, Buffer.byteLength(text))
  assert.equal(1 + loaded.length, 3)
  assert.ok(weight <= 30_000, `${weight} bytes`)
})

test('whatever the questions accept can be sent and read back', async () => {
  const form = await open()
  const typed = fc.string({ unit: 'binary', maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(typed, typed, typed, typed, async (name, position, text, paste) => {
      const group = await form.walk([
        { who: 'group' },
        { organisation: 'party' },
        { 'name-kind': 'real', name: `a${name}` },
      ])
      const list = await form.post('/en/declare', { state: group.state, go: 'paste' })
      let page = await form.post('/en/declare', {
        state: list.state,
        paste: `b${paste}`,
        'paste-organisation': 'league',
      })
      for (const fields of [
        { position: position.slice(0, 40) },
        { words: 'own', text: `c${text}` },
        { words: 'own', text: `c${text}`, keep: 'yes' },
        { consent: ['text', 'name', 'position', 'few', 'bulletin', 'broadcast'] },
        { asked: 'yes' },
        { asked: 'yes' },
      ]) {
        if (page.heading === 'Check your answers') break
        page = await form.post('/en/declare', { state: page.state, ...fields })
      }
      assert.equal(page.heading, 'Check your answers')
      const before = form.stored.size
      const sent = await form.post('/en/declare', { state: page.state, go: 'send', receipt: 'no' })
      assert.equal(sent.status, 200)
      assert.equal(form.stored.size, before + 1)
    }),
    { numRuns: process.env['SLOW'] ? 2_000 : 40 },
  )
})

test('whatever is posted, the form answers with one of its pages', async () => {
  const form = await open()
  const pages = [
    await form.walk([]),
    await form.walk([{ who: 'asked' }]),
    ...(await Promise.all([1, 2, 3, 4, 5, 6].map((n) => form.walk(alone.slice(0, n))))),
    await form.walk([{ who: 'group' }, { organisation: 'party' }, { 'name-kind': 'none' }]),
  ]
  const go = fc.constantFrom(
    ...['next', 'back', 'stay', 'more', 'paste', 'rows', 'another', 'send', 'edit-others'],
    ...['next-receipt', 'leave', 'edit-', '\0', ''],
  )
  const name = fc.constantFrom(
    ...['who', 'script', 'organisation', 'name-kind', 'name', 'row-0-name', 'row-0-kind'],
    ...['row-0-organisation', 'paste', 'claimed', 'sector', 'position', 'words', 'text', 'keep'],
    ...['text-language', 'consent', 'asked', 'receipt', 'paste-organisation'],
  )
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('self', 'group', 'asked', 'party', 'unstated', 'own', 'real', 'yes', 'no'),
  )
  const typed = fc.array(fc.tuple(name, value), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.nat(pages.length - 1), go, typed, async (at, pressed, fields) => {
      const state = pages[at]?.state ?? ''
      const page = await form.post('/en/declare', {
        ...Object.fromEntries(fields),
        state,
        go: pressed,
      })
      assert.ok([200, 422].includes(page.status), `${page.status}`)
      assert.notEqual(page.heading, '')
      assert.doesNotMatch(page.text, /undefined|\[object/)
    }),
    { numRuns: process.env['SLOW'] ? 5_000 : 300 },
  )
})
