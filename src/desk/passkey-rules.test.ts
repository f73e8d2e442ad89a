import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PasskeyChallenges } from './passkey-challenges.ts'
import { relyingPartyOf } from './relying-party.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

test('a challenge is good once, for its purpose, for five minutes', () => {
  let nowMs = 0
  const challenges = new PasskeyChallenges(10, { clock: () => new Date(nowMs), random })
  const first = challenges.give('login')
  assert.equal(challenges.take(first, 'login'), 'ours')
  assert.equal(challenges.take(first, 'login'), 'unknown')
  const other = challenges.give('anna')
  assert.equal(challenges.take(other, 'login'), 'unknown')
  assert.equal(challenges.take(other, 'anna'), 'unknown', 'a wrong use uses it up')
  const late = challenges.give('login')
  nowMs += 5 * 60_000 + 1
  assert.equal(challenges.take(late, 'login'), 'unknown')
})

test('no more challenges are remembered than the bound, and the oldest goes first', () => {
  const challenges = new PasskeyChallenges(3, { clock: () => new Date(0), random })
  const given = Array.from({ length: 5 }, () => challenges.give('login'))
  const taken = given.map((challenge) => challenges.take(challenge, 'login'))
  assert.deepEqual(taken, ['unknown', 'unknown', 'ours', 'ours', 'ours'])
})

test('passkeys are bound to the configured name over TLS, or to localhost on a loopback address', () => {
  const of = (publicUrl: string, origin: string) => relyingPartyOf(publicUrl, origin)?.id
  assert.equal(of('https://desk.example', 'https://desk.example'), 'desk.example')
  assert.equal(of('https://desk.example', 'https://other.example'), undefined)
  assert.equal(of('https://desk.example', 'https://desk.example:8443'), undefined)
  assert.equal(of('https://desk.example', 'http://localhost:8080'), undefined)
  assert.equal(of('http://desk.example', 'http://desk.example'), undefined)
  assert.equal(of('https://192.0.2.7', 'https://192.0.2.7'), undefined)
  assert.equal(of('http://127.0.0.1:8080', 'http://localhost:8080'), 'localhost')
  assert.equal(of('http://127.0.0.1:8080', 'http://127.0.0.1:8080'), undefined)
  assert.equal(of('http://127.0.0.1:8080', 'http://evil.example'), undefined)
  assert.equal(of('http://127.0.0.1:8080', ''), undefined)
})
