import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { alone, type Page, WebForm } from '../../../../test/support/web-form.ts'
import { Admission } from '../../abuse/admission.ts'
import { solvePuzzle } from '../../abuse/puzzle.ts'

const PATH = '/en/declare'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const random = (length: number) => Uint8Array.from(randomBytes(length))

/** A form whose plain budget is used up, at the check page. */
async function atFullForm() {
  const time = { now: new Date('2026-03-01T10:00:00Z') }
  const clock = () => time.now
  const budgets = { plain: 2, onion: 2, station: 2, work: 2 }
  const admission = new Admission({ budgets, clock, random, workBits: 4 })
  const otherChannels = { en: 'Telephone 555 0100.', 'zh-hans': '', 'zh-hant': '' }
  const form = await new WebForm({ admission, clock, otherChannels }).open()
  for (const submission of ['a', 'b']) admission.ask('plain', submission, null)
  const send = (page: Page, fields = {}) =>
    form.post(PATH, { state: page.state, go: 'send', receipt: 'yes', ...fields })
  const check = await form.walk(alone)
  const waiting = await send(check)
  return { time, form, send, check, waiting }
}

test('beyond its budget the form waits: nothing is stored, nothing is lost, and other ways are named', async () => {
  const { form, waiting } = await atFullForm()
  assert.equal(waiting.status, 503)
  assert.equal(waiting.heading, 'Many people are sending at this moment')
  assert.match(waiting.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal(waiting.headers.get('cache-control'), 'no-store')
  assert.match(waiting.text, /Telephone 555 0100\./)
  assert.ok(waiting.state.length > 1000)
  assert.equal(form.received.length, 0)
})

test('pressed too early the page waits on; pressed in time it sends what was written', async () => {
  const { time, form, send, waiting } = await atFullForm()
  time.now = new Date(time.now.getTime() + 10_000)
  const early = await send(waiting)
  assert.equal(early.status, 503)
  time.now = new Date(time.now.getTime() + 140_000)
  const receipt = await send(early)
  assert.equal(receipt.status, 200)
  assert.equal(receipt.words.length, 12)
  assert.deepEqual(form.received[0]?.submission.persons[0]?.organisations, ['league', 'party'])
})

test('whoever wants no receipt still gets none after waiting', async () => {
  const { time, form, send, check } = await atFullForm()
  const waiting = await send(check, { receipt: 'no' })
  time.now = new Date(time.now.getTime() + 150_000)
  const hidden = /name="receipt" value="(\w+)"/.exec(waiting.text)?.[1]
  const done = await send(waiting, { receipt: hidden })
  assert.equal(done.words.length, 0)
  assert.equal(form.received[0]?.submission.persons[0]?.receipt, null)
})

test('a page that solved its puzzle does not wait; another page’s solution is worth nothing', async () => {
  const { form, send, check, waiting } = await atFullForm()
  const bits = Number(/data-bits="(\d+)"/.exec(waiting.text)?.[1])
  const work = solve(waiting.state, bits)
  const other = await send(check)
  assert.equal((await send(other, { work })).status, 503)
  const receipt = await send(waiting, { work })
  assert.equal(receipt.words.length, 12)
  assert.equal(form.received.length, 1)
})

test('the way back from waiting leads to the answers, in any language', async () => {
  const { form, waiting } = await atFullForm()
  const fields = { state: waiting.state, go: 'stay', receipt: 'yes' }
  assert.equal((await form.post(PATH, fields)).heading, 'Check your answers')
  assert.equal((await form.post('/zh-hans/declare', fields)).status, 200)
})

test('what comes in on the onion’s listener has a budget of its own and is marked as such', async () => {
  const { form, check } = await atFullForm()
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ state: check.state, go: 'send', receipt: 'yes' }).toString(),
  }
  const onion = await form.channel.routes.request(PATH, request, { arrival: 'onion' })
  assert.equal(onion.status, 200)
  assert.equal(form.received[0]?.meta.channel, 'onion')
  const claimed = { ...request, headers: { ...request.headers, 'x-arrival': 'onion' } }
  assert.equal((await form.channel.routes.request(PATH, claimed)).status, 503)
})

function solve(subject: string, bits: number): string {
  const slices = solvePuzzle(subject, bits, sha256)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
  }
}
