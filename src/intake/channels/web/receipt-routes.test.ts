import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authoredLeaf, hashOf } from '../../../../test/support/example-acts.ts'
import { type Page, WebForm } from '../../../../test/support/web-form.ts'
import { receiptToDigits, receiptToWords } from '../../../declaration/receipt.ts'
import { languages } from '../../../i18n/languages.ts'
import { NOTHING_THERE, RECEIPT_STATES } from '../../receipt-state.ts'
import { wordlistOf } from './wordlists.ts'

const receipt = new Uint8Array(16).fill(7)
const open = () => new WebForm().open()
const leaf = authoredLeaf('author')
const entry = (index: number) => ({
  index,
  leaf,
  leafHash: hashOf(leaf),
  seq: 0,
  waiting: 0,
  withdrawn: false,
  confirmed: false,
})
const ask = (form: WebForm, typed: string, language = 'en'): Promise<Page> =>
  form.post(`/${language}/receipt`, { receipt: typed })

test('words of any list, digits and odd spacing ask about the same receipt', async () => {
  const form = await open()
  const english = receiptToWords(receipt, wordlistOf('en')).join(' ')
  const digits = receiptToDigits(receipt)
  const fullWidth = digits.join('　').replace(/\d/g, (d) => '０１２３４５６７８９'[Number(d)] ?? '')
  const typed = [
    english,
    english.toUpperCase().replaceAll(' ', ', '),
    receiptToWords(receipt, wordlistOf('zh-hans')).join(''),
    receiptToWords(receipt, wordlistOf('zh-hant')).join('　'),
    digits.join(''),
    fullWidth,
  ]
  for (const one of typed) assert.equal((await ask(form, one)).status, 200, one)
  assert.equal(new Set(form.asked).size, 1)
  assert.equal(form.asked.length, typed.length)
})

test('every state answers with one query, one status, the same headers and the same length', async () => {
  const form = await open()
  const digits = receiptToDigits(receipt).join(' ')
  const seen = new Set<string>()
  for (const language of languages) {
    for (const state of RECEIPT_STATES) {
      const code = state === 'rejected' ? 'names-others' : null
      const inLog = state === 'published' || state === 'withdrawn'
      form.view = { ...NOTHING_THERE, state, code, entry: inLog ? entry(123_456_789) : null }
      const page = await ask(form, digits, language)
      const headers = JSON.stringify([...page.headers].sort())
      seen.add(`${page.status} ${Buffer.byteLength(page.text)} ${headers}`)
    }
  }
  assert.equal(seen.size, 1)
  assert.equal(form.asked.length, languages.length * RECEIPT_STATES.length)
})

test('a published declaration leads to its entry and a refused one says why in the public words', async () => {
  const form = await open()
  const digits = receiptToDigits(receipt).join(' ')
  form.view = { ...NOTHING_THERE, state: 'published', entry: entry(7) }
  const published = await ask(form, digits)
  assert.match(published.text, /href="\.\.\/en\/declaration\/7\/index\.html"/)
  form.view = { ...NOTHING_THERE, state: 'rejected', code: 'unclear' }
  assert.match((await ask(form, digits)).text, /It was not clear which organisations are left/)
})

test('the answer does not repeat the receipt', async () => {
  const form = await open()
  const words = receiptToWords(receipt, wordlistOf('en'))
  const { text } = await ask(form, words.join(' '))
  assert.ok(!text.includes(words.slice(0, 2).join(' ')))
  assert.ok(!text.includes(receiptToDigits(receipt)[0] ?? 'x'))
})

test('a mistake of typing is explained, what was typed stays, and it looks like any other receipt', async () => {
  const form = await open()
  const words = [...receiptToWords(receipt, wordlistOf('en'))]
  const other = await ask(form, words.join(' '))
  const cases: [string, RegExp][] = [
    ['', /Write the receipt/],
    [words.slice(1).join(' '), /A receipt has twelve words/],
    [
      ['abandonn', ...words.slice(1)].join(' '),
      /Word 1 is in none of the lists\. Close to it: abandon/,
    ],
    [[...words.slice(1), words[0]].join(' '), /together they make no receipt/],
    ['1234 5678', /twelve groups of four/],
    [
      ['9999', ...receiptToDigits(receipt).slice(1)].join(' '),
      /Group 1 is not between 0001 and 2048/,
    ],
  ]
  for (const [typed, expected] of cases) {
    form.asked = []
    const page = await ask(form, typed)
    assert.equal(page.status, other.status)
    assert.equal(Buffer.byteLength(page.text), Buffer.byteLength(other.text))
    assert.deepEqual([...page.headers], [...other.headers])
    assert.equal(form.asked.length, 1)
    assert.match(page.title, /^Error: /)
    assert.match(page.text, expected)
    assert.ok(page.text.includes(typed))
  }
})
