import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../../../../test/support/declaration-examples.ts'
import { authoredLeaf, hashOf } from '../../../../../test/support/example-acts.ts'
import { WebForm } from '../../../../../test/support/web-form.ts'
import { lookupHash } from '../../../../declaration/receipt.ts'
import { fromHex } from '../../../../encoding/hex.ts'
import { NOTHING_THERE, RECEIPT_STATES, type ReceiptView } from '../../../receipt-state.ts'
import { readDone, readView, writeView } from './door-answer.ts'
import { parseQuestion } from './door-question.ts'

const lookup = 'ab'.repeat(32)
const leaf = authoredLeaf('author')
const published: ReceiptView = {
  ...NOTHING_THERE,
  state: 'published',
  entry: {
    index: 7,
    leaf,
    leafHash: hashOf(leaf),
    seq: 1,
    waiting: 0,
    withdrawn: false,
    confirmed: true,
  },
  kept: new Uint8Array(4000).fill(9),
}

async function ask(form: WebForm, body: string) {
  const response = await form.channel.routes.request('/receipt/door', { method: 'POST', body })
  return { response, text: await response.text() }
}

test('every receipt gets an answer of one status, one length and the same headers for one query', async () => {
  const form = await new WebForm().open()
  for (const kind of ['view', 'withdraw', 'forget']) {
    const seen = new Set<string>()
    for (const state of RECEIPT_STATES) {
      const inLog = state === 'published' || state === 'withdrawn'
      form.view = { ...(inLog ? published : NOTHING_THERE), state }
      const { response, text } = await ask(form, JSON.stringify({ kind, lookup }))
      const headers = JSON.stringify([...response.headers].sort())
      seen.add(`${response.status} ${Buffer.byteLength(text)} ${headers}`)
    }
    assert.equal(seen.size, 1, kind)
    assert.match([...seen].join(), /no-store/)
  }
  assert.equal(form.asked.length, 3 * RECEIPT_STATES.length)
  assert.equal(new Set(form.asked).size, 1)
  assert.equal(form.asked[0], lookupHash(fromHex(lookup), sha256))
})

test('what a page is told reads back as it was', async () => {
  const form = await new WebForm().open()
  for (const view of [NOTHING_THERE, { ...published, refused: 'act_refused', code: 'unclear' }]) {
    form.view = view
    assert.deepEqual(
      readView((await ask(form, JSON.stringify({ kind: 'view', lookup }))).text),
      view,
    )
  }
  form.view = published
  const { text } = await ask(form, JSON.stringify({ kind: 'forget', lookup }))
  assert.equal(readDone('forget', text), 'forgotten')
  assert.throws(() => readDone('withdraw', text))
})

test('what is no question is refused and asks nothing', async () => {
  const form = await new WebForm().open()
  const act = { kind: 'act', lookup, id: lookup, urgency: 'batch' }
  const wrong = [
    '',
    '[]',
    JSON.stringify({ kind: 'view' }),
    JSON.stringify({ kind: 'view', lookup: lookup.toUpperCase() }),
    JSON.stringify({ kind: 'view', lookup, receipt: 'abandon' }),
    JSON.stringify({ ...act, sealed: 'bm90IGFnZQ==' }),
    JSON.stringify({ ...act, sealed: '=' }),
    JSON.stringify(act),
  ]
  for (const body of wrong) assert.equal((await ask(form, body)).response.status, 400, body)
  assert.deepEqual(form.asked, [])
  const large = await ask(form, ' '.repeat(2 * 1024 * 1024 + 1))
  assert.equal(large.response.status, 413)
})

test('any text is a question or is refused as ours', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      assert.throws(() => parseQuestion(body), { name: 'DeclarationError' })
      assert.throws(() => readView(body), { name: 'DeclarationError' })
    }),
  )
  assert.equal(parseQuestion(JSON.stringify({ kind: 'view', lookup })).kind, 'view')
  assert.deepEqual(readView(writeView(published)), published)
})
