import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { WebForm } from '../../../../test/support/web-form.ts'
import { fromUtf8 } from '../../../encoding/bytes.ts'
import { toHex } from '../../../encoding/hex.ts'
import { generateIdentity, recipientOf } from '../../../sealing/age.ts'
import { writeAgeFile } from '../../../sealing/age-writer.ts'
import { pad } from '../../../sealing/padding.ts'
import { toQrFrames } from '../../../sealing/qr-frames.ts'
import { encodeSealedSubmission } from '../../../sealing/sealed-submission.ts'
import { Admission } from '../../abuse/admission.ts'
import { solvePuzzle } from '../../abuse/puzzle.ts'

const random = (length: number) => Uint8Array.from(randomBytes(length))
const recipient = await recipientOf(await generateIdentity())
const file = writeAgeFile(recipient, pad(random(300)), random)
const message = encodeSealedSubmission({ language: 'zh-hans', receipts: [random(32)], file })
const text = fromUtf8(message)

async function post(web: WebForm, body: string) {
  const response = await web.channel.routes.request('/declare/sealed', { method: 'POST', body })
  const answer: Record<string, unknown> = await response.json()
  return { status: response.status, headers: response.headers, answer }
}

async function handIn(web: WebForm, fields: Record<string, string | File>, language = 'en') {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  const response = await web.channel.routes.request(`/${language}/declare/sealed`, {
    method: 'POST',
    body,
  })
  return { status: response.status, page: await response.text() }
}

test('a page of any site may post a sealed message and read that it was taken, without cookies', async () => {
  const web = await new WebForm().open()
  const { status, headers, answer } = await post(web, text)
  assert.equal(status, 200)
  assert.deepEqual(answer, { taken: toHex(web.sealed[0]?.id ?? new Uint8Array()) })
  assert.equal(headers.get('access-control-allow-origin'), '*')
  assert.equal(headers.get('access-control-allow-credentials'), null)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.deepEqual(
    web.sealed.map(({ language, channel, line }) => [language, channel, line]),
    [['zh-hans', 'web', 'web']],
  )
})

test('no other address of the form may be read by other sites', async () => {
  const web = await new WebForm().open()
  for (const path of ['/en/declare', '/en/declare/sealed', '/en/receipt', '/en/declare/leave']) {
    const response = await web.channel.routes.request(path, {
      headers: { origin: 'https://a.example' },
    })
    assert.equal(response.headers.get('access-control-allow-origin'), null, path)
  }
})

test('what is not sealed is refused by its code and nothing of it is kept', async () => {
  const web = await new WebForm().open()
  assert.deepEqual((await post(web, 'plain words')).answer, { code: 'not_sealed' })
  assert.deepEqual((await post(web, 'a'.repeat(9 * 1024 * 1024))).answer, { code: 'too_large' })
  const { status, page } = await handIn(web, { message: 'plain words 明文' })
  assert.equal(status, 422)
  assert.doesNotMatch(page, /plain words|明文/)
  assert.equal(web.sealed.length, 0)
})

test('without scripts a text, a file and the texts of codes are handed in', async () => {
  const web = await new WebForm().open()
  const asked = await web.get('/zh-hant/declare/sealed')
  assert.match(asked.text, /enctype="multipart\/form-data"/)
  for (const fields of [
    { message: `see:\r\n${text.replaceAll('\n', '\r\n')}` },
    { file: new File([Uint8Array.from(message)], 'declaration.txt') },
    { message: toQrFrames(text).toReversed().join(' ') },
  ]) {
    const { status, page } = await handIn(web, fields)
    assert.equal(status, 200)
    assert.match(page, /It has arrived/)
  }
  assert.equal(new Set(web.sealed.map(({ id }) => toHex(id))).size, 1)
  await handIn(web, { file: new File([Uint8Array.from(file)], 'letter.age') })
  assert.equal(web.sealed.length, 4)
})

test('missing codes, an empty form and a storage that fails are said so', async () => {
  const web = await new WebForm().open()
  const codes = await handIn(web, { message: toQrFrames(text).slice(1).join('\n') })
  assert.match(codes.page, /Some of the codes are missing/)
  assert.equal((await handIn(web, { message: ' ' })).status, 422)
  const urlencoded = await web.post('/en/declare/sealed', { message: text })
  assert.equal(urlencoded.status, 200)
  web.storageFails = true
  assert.equal((await handIn(web, { message: text })).status, 503)
  const { status, answer } = await post(web, text)
  assert.deepEqual([status, answer], [503, { code: 'not_stored' }])
})

test('when many send at once a page is told to wait, and its ticket lets this message in', async () => {
  const budgets = { plain: 1, onion: 1, station: 1, work: 1 }
  let now = new Date('2026-03-01T10:00:00Z')
  const admission = new Admission({ budgets, clock: () => now, random })
  const web = await new WebForm({ admission }).open()
  const other = encodeSealedSubmission({ language: 'en', receipts: [], file })
  assert.equal((await post(web, fromUtf8(other))).status, 200)
  const { status, answer } = await post(web, text)
  assert.equal(status, 503)
  const { waitMs, ticket } = answer
  assert.ok(typeof waitMs === 'number' && typeof ticket === 'string')
  assert.equal((await post(web, `${text}ticket ${ticket}\n`)).status, 503, 'too early')
  assert.equal((await post(web, `${text}ticket garbage\n`)).status, 503, 'no ticket')
  now = new Date(now.getTime() + waitMs)
  assert.equal((await post(web, `${text}ticket ${ticket}\n`)).status, 200)
  assert.equal(web.sealed.length, 2)
})

test('a page that solved the puzzle of its ticket does not wait', async () => {
  const budgets = { plain: 1, onion: 1, station: 1, work: 1 }
  const clock = () => new Date('2026-03-01T10:00:00Z')
  const admission = new Admission({ budgets, clock, random, workBits: 4 })
  const web = await new WebForm({ admission }).open()
  const other = encodeSealedSubmission({ language: 'en', receipts: [], file })
  await post(web, fromUtf8(other))
  const { ticket, workBits } = (await post(web, text)).answer
  assert.ok(typeof ticket === 'string' && typeof workBits === 'number')
  const [solution, wrong] = [solve(ticket, workBits), solve('another', workBits)]
  assert.equal((await post(web, `${text}ticket ${ticket} ${wrong}\n`)).status, 503)
  assert.equal((await post(web, `${text}ticket ${ticket} ${solution}\n`)).status, 200)
  assert.equal(web.sealed.length, 2)
})

function solve(subject: string, bits: number): string {
  const slices = solvePuzzle(subject, bits, sha256)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
  }
}
