import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { LoginDelay } from './login-delay.ts'
import { Sessions } from './sessions.ts'

const MINUTE_MS = 60_000
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const random = (length: number) => new Uint8Array(randomBytes(length))

function openSessions() {
  let nowMs = Date.parse('2026-03-02T08:00:00Z')
  const sessions = new Sessions({ clock: () => new Date(nowMs), random, sha256 })
  return {
    sessions,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

test('a session ends after half an hour without a request', () => {
  const { sessions, pass } = openSessions()
  const token = sessions.open({ volunteer: 'anna', since: 4 })
  pass(30 * MINUTE_MS)
  assert.equal(sessions.ownerOf(token).volunteer, 'anna')
  pass(30 * MINUTE_MS + 1)
  assert.throws(() => sessions.ownerOf(token), { code: 'locked' })
  pass(-MINUTE_MS)
  assert.throws(() => sessions.ownerOf(token), { code: 'locked' }, 'an ended one stays ended')
})

test('a session ends after twelve hours, however busy it was', () => {
  const { sessions, pass } = openSessions()
  const token = sessions.open({ volunteer: 'anna', since: 4 })
  for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
    assert.equal(sessions.ownerOf(token).volunteer, 'anna')
    pass(20 * MINUTE_MS)
  }
  pass(1)
  assert.throws(() => sessions.ownerOf(token), { code: 'locked' })
})

test('no token, another token and a closed one open nothing', () => {
  const { sessions } = openSessions()
  const token = sessions.open({ volunteer: 'anna', since: 4 })
  const other = sessions.open({ volunteer: 'bert', since: 5 })
  assert.notEqual(token, other)
  for (const wrong of [undefined, '', 'A'.repeat(43), token.slice(1)]) {
    assert.throws(() => sessions.ownerOf(wrong), { code: 'locked' })
  }
  sessions.close(token)
  assert.throws(() => sessions.ownerOf(token), { code: 'locked' })
  assert.equal(sessions.ownerOf(other).volunteer, 'bert')
})

test('each failure on a name makes its next answer wait longer, and a success forgives', async () => {
  const waits: number[] = []
  const delay = new LoginDelay(async (ms) => {
    waits.push(ms)
  })
  const wrong = (name = 'anna') => delay.answer(name, async () => undefined)
  for (let i = 0; i < 8; i++) assert.equal(await wrong(), undefined)
  assert.deepEqual(waits.splice(0), [0, 0, 0, 500, 1000, 2000, 4000, 8000])
  await wrong('bert')
  assert.deepEqual(waits.splice(0), [0], 'another name does not wait')
  assert.equal(await delay.answer('anna', async () => true), true)
  assert.deepEqual(waits.splice(0), [], 'who is right does not wait')
  await wrong()
  assert.deepEqual(waits, [0])
})

test('wrong answers on one name come in turn, and too many at once are refused', async () => {
  let waiting = 0
  let most = 0
  const delay = new LoginDelay(async () => {
    most = Math.max(most, ++waiting)
    await new Promise((resolve) => setImmediate(resolve))
    waiting--
  })
  const attempt = () => delay.answer('anna', async () => undefined)
  const results = await Promise.allSettled(Array.from({ length: 12 }, attempt))
  assert.equal(most, 1)
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['too_many', 'too_many', 'too_many', 'too_many'],
  )
})

test('whoever guesses at a name keeps nobody out who knows', async () => {
  const delay = new LoginDelay(() => new Promise(() => {}))
  for (let i = 0; i < 20; i++) delay.answer('anna', async () => undefined).catch(() => {})
  assert.equal(await delay.answer('anna', async () => true), true)
})

test('a try that breaks does not hold up the next', async () => {
  const delay = new LoginDelay(async () => {})
  await assert.rejects(
    delay.answer('anna', () => Promise.reject(new Error('database gone'))),
    /database gone/,
  )
  assert.equal(await delay.answer('anna', async () => true), true)
})
