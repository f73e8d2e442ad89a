import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { PageKeys } from './page-keys.ts'

const HOUR_MS = 60 * 60 * 1000
const bytes = Buffer.from('answers')

function createKeys(): { keys: PageKeys; wait: (hours: number) => void } {
  let now = new Date('2026-03-01T10:00:00Z')
  const keys = new PageKeys({
    random: (length) => Uint8Array.from(randomBytes(length)),
    clock: () => now,
  })
  const wait = (hours: number) => {
    now = new Date(now.getTime() + hours * HOUR_MS)
  }
  return { keys, wait }
}

test('a page opens under the key of its hour and of the hour before', () => {
  const { keys, wait } = createKeys()
  const sealed = keys.seal(bytes)
  wait(0.99)
  assert.deepEqual(Buffer.from(keys.open(sealed)), bytes)
  wait(0.99)
  assert.deepEqual(Buffer.from(keys.open(sealed)), bytes)
  wait(1)
  assert.throws(() => keys.open(sealed), { code: 'expired' })
})

test('a key that nobody used for two hours is gone when the next page comes', () => {
  const { keys, wait } = createKeys()
  const sealed = keys.seal(bytes)
  wait(2)
  assert.throws(() => keys.open(sealed), { code: 'expired' })
})

test('one altered character is noticed wherever it stands', () => {
  const { keys } = createKeys()
  const sealed = keys.seal(bytes)
  for (const at of [0, 12, 100, 1500, sealed.length - 10]) {
    const other = sealed[at] === 'A' ? 'B' : 'A'
    const altered = sealed.slice(0, at) + other + sealed.slice(at + 1)
    assert.throws(() => keys.open(altered), { name: 'WebError' })
  }
})

test('the same answers are sealed differently each time', () => {
  const { keys } = createKeys()
  assert.notEqual(keys.seal(bytes), keys.seal(bytes))
})
