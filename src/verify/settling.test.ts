import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, findLie } from '../../test/support/find-lie.ts'
import { readMap } from '../../test/support/read-map.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { sha256 } from '../../test/support/tiny-log.ts'
import type { TinyRegister } from '../../test/support/tiny-register.ts'
import { nativeEd25519Verify } from '../main/native-ed25519.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { verifyRegister } from './verify-register.ts'

const UNNAMED = ['log/latest', 'log/tally', 'count.json', 'en/index.html']

test('content of a pair that both logs signed and log/latest does not name yet is no finding', async () => {
  const register = await standardRegister()
  const before = new Map(register.files)
  await register.declare({ name: 'Late' }).publish('2026-01-04')
  for (const path of UNNAMED) register.files.set(path, before.get(path) ?? new Uint8Array())
  const { pair, opened } = await verify(register)
  assert.equal(pair.declarations.size, 10)
  assert.equal(opened.about, 10)
})

test('an erasure that comes before its event is waited for, and the event explains it', async () => {
  const register = await standardRegister()
  register.hide(0, 'name').writeContent()
  await assertLie(register, 'part_missing', 'content/000')
  let looks = 0
  const { pair } = await verify(register, async (finding) => {
    assert.equal(finding.code, 'part_missing')
    looks++
    register.act({ type: 'redact', index: 0, ...TOOK_NAME_DOWN }, BY_DESK)
    await register.publish('2026-01-04')
    return true
  })
  assert.equal(looks, 1)
  assert.equal(pair.events.size, register.events.length)
})

test('every pair of a register that publishes between two looks is followed, with its tallies', async () => {
  const register = await standardRegister()
  const sizes: number[] = []
  register.files.set('log/tally', new Uint8Array(1))
  const { tallies, archived, opened } = await verify(register, async () => {
    sizes.push(register.leaves.length)
    if (sizes.length < 4) {
      register.declare(...somePersons(0, 100 * sizes.length))
      register
        .act({ type: 'withdraw', index: sizes.length })
        .hide(sizes.length, 'body', 'name', 'about')
      await register.publish('2026-01-04')
      register.files.set('log/tally', new Uint8Array(1))
    } else await register.declare({}).publish('2026-01-04')
    return true
  })
  assert.equal(sizes.length, 4)
  assert.equal(tallies, register.events.filter(({ type }) => type === 'tally').length)
  assert.equal(archived.events, tallies)
  assert.equal(opened.about, register.leaves.length - 3)
})

test('an entry that is published twice is found', async () => {
  const register = await standardRegister()
  await register
    .declare({})
    .publish('2026-01-04', {
      entries: (entries) => [...entries, ...entries],
      events: (events) =>
        events.map((event) =>
          event.type === 'batch'
            ? { ...event, size: 11, range: { first: 9, end: 11 } }
            : { ...event, size: 11 },
        ),
    })
    .catch(() => undefined)
  const finding = await findLie(register)
  assert.equal(finding?.code, 'repeated_leaf')
})

test('a tally event that was wrong when it was logged is found though the newest is right', async () => {
  const register = await standardRegister()
  await register.declare({}).publish('2026-01-04', {
    events: (events) =>
      events.map((event) =>
        event.type === 'tally' ? { ...event, tally: 'ab'.repeat(32) } : event,
      ),
  })
  const position = register.events.length - 1
  await register.declare({}).publish('2026-01-05')
  const finding = await findLie(register)
  assert.equal(finding?.code, 'tally_mismatch')
  assert.match(finding?.message ?? '', new RegExp(`^event ${position} `))
})

const BY_DESK = { kind: 'author-by-desk' } as const
const TOOK_NAME_DOWN = {
  shown: { name: false, text: true },
  body: null,
  name: null,
  about: null,
} as const

function verify(
  register: TinyRegister,
  lookAgain?: Parameters<typeof verifyRegister>[1]['lookAgain'],
) {
  const { read, list } = readMap(register.files)
  return verifyRegister(read, {
    policy: parsePolicy(register.policyText),
    sha256,
    ed25519Verify: nativeEd25519Verify,
    list,
    ...(lookAgain === undefined ? {} : { lookAgain }),
  })
}
