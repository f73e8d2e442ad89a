import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBody, readForm } from './read-body.ts'

function post(body: RequestInit['body'], headers: Record<string, string> = {}): Request {
  // Streams need `duplex`, which the browser's types do not list.
  const init = { method: 'POST', body: body ?? null, headers, duplex: 'half' }
  return new Request('http://x/', init)
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1024)) })
}

test('a body over the bound is refused without reading to its end', async () => {
  await assert.rejects(readBody(post(endless()), 4096), { code: 'too_large', status: 413 })
})

test('a body that announces more than the bound is refused before it is read', async () => {
  const request = post(endless(), { 'content-length': '5000' })
  await assert.rejects(readBody(request, 4096), { code: 'too_large' })
})

test('a body of exactly the bound passes', async () => {
  assert.equal((await readBody(post('x'.repeat(4096)), 4096)).length, 4096)
})

test('a form keeps repeated fields and characters of any script', async () => {
  const body = new URLSearchParams([
    ['org', '党'],
    ['org', '團'],
    ['name', 'a & b'],
  ]).toString()
  const parsed = await readForm(post(body, form), 4096)
  assert.deepEqual(parsed.getAll('org'), ['党', '團'])
  assert.equal(parsed.get('name'), 'a & b')
})

test('another type, bytes that are not UTF-8 and too many fields are refused by code', async () => {
  await assert.rejects(readForm(post('{}', { 'content-type': 'application/json' }), 99), {
    code: 'unsupported_type',
  })
  await assert.rejects(readForm(post(new Uint8Array([0xff, 0xfe]), form), 99), { code: 'bad_form' })
  await assert.rejects(readForm(post('a&'.repeat(2001), form), 9999), { code: 'bad_form' })
})
