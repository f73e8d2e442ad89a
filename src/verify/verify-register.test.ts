import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyTiny } from '../../test/support/find-lie.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { TinyRegister, UNCHANGED } from '../../test/support/tiny-register.ts'

test('a register without declarations verifies, from its first pair on', async () => {
  const register = await new TinyRegister().publish('2026-01-01')
  const { pair, tally, archived } = await verifyTiny(register)
  assert.equal(pair.declarations.size, 0)
  assert.deepEqual(tally.parts, [])
  assert.deepEqual(archived, { declarations: 1, events: 1 })
})

for (const size of [1, 255, 256, 257, 600]) {
  test(`${size} declarations in two publications verify, with every part they show`, async () => {
    const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
    const half = Math.floor(size / 2)
    await register.declare(...somePersons(0, half)).publish('2026-01-02')
    await register.declare(...somePersons(half, size)).publish('2026-01-03')
    for (const how of ['as a folder', 'as a site'] as const) {
      const { pair, tally, opened, archived } = await verifyTiny(register, how)
      assert.equal(pair.declarations.size, size)
      assert.equal(
        tally.parts.reduce((sum, { count }) => sum + count, 0),
        size,
      )
      const named = somePersons(0, size).filter(({ hidden }) => hidden === undefined)
      assert.deepEqual(opened, { body: size, name: named.length, about: size })
      // Of size 0, half and all of it; half of one is none.
      assert.equal(archived.declarations, size === 1 ? 2 : 3)
      assert.equal(archived.events, 3)
    }
  })
}

test('a tree of three levels verifies', async () => {
  const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
  for (let i = 0; i < 65_536 + 300; i++) register.declare({})
  await register.publish('2026-01-02')
  assert.ok(register.files.has('log/declarations/tile/2/000.p/1'))
  const { pair, opened } = await verifyTiny(register)
  assert.equal(pair.declarations.size, 65_836)
  assert.equal(opened.about, 65_836)
})

test('what acts, flags and corrections did is in the tally and in what may be shown', async () => {
  const register = await standardRegister()
  register.act({ type: 'withdraw', index: 0 }).hide(0, 'body', 'name', 'about')
  register.act({ type: 'withdraw', index: 1 }).act({ type: 'restore', index: 1 }).hide(1, 'body')
  register.act({ type: 'confirm', index: 2 })
  const unshown = { ...UNCHANGED, shown: { name: false, text: false } }
  register.act(
    { type: 'redact', index: 3, ...unshown },
    { kind: 'operator', reason: 'clerical', country: null },
  )
  register.hide(3, 'body', 'name')
  register.act(
    { type: 'correct', index: 4, ...UNCHANGED, orgs: ['league'], evidence: 'relayed' },
    { kind: 'author-by-desk' },
  )
  register.log({ type: 'flag', reason: 'fraud', ranges: [{ first: 0, end: 6 }] })
  register.log({ type: 'unflag', reason: 'fraud', ranges: [{ first: 1, end: 5 }] })
  await register.publish('2026-01-04')
  const { tally } = await verifyTiny(register)
  const counts = tally.parts.map(({ orgs, evidence, confirmed, state, count }) =>
    [orgs, evidence, confirmed ? 'confirmed' : '', state, count].join(' '),
  )
  assert.deepEqual(counts, [
    'club self  standing 2',
    'club self  withdrawn+flagged 1',
    'club self confirmed standing 1',
    'league relayed  standing 1',
    'club self  flagged 1',
    'club self  standing 3',
  ])
})

test('a part that came back may be shown or not', async () => {
  const register = await standardRegister()
  register.act({ type: 'withdraw', index: 0 }).act({ type: 'restore', index: 0 })
  await register.publish('2026-01-04')
  await verifyTiny(register)
  register.hide(0, 'body', 'name', 'about').writeContent()
  await verifyTiny(register)
})

test('witnesses are named with the time of their cosignature', async () => {
  const register = await standardRegister({ witnesses: 2 })
  const { quorum, pair } = await verifyTiny(register)
  assert.equal(quorum, 'all-of-them')
  const noon = Date.parse('2026-01-03T12:00:00Z') / 1000
  assert.deepEqual(pair.declarations.cosignatures, [
    { name: 'w0', time: noon },
    { name: 'w1', time: noon },
  ])
})

test('a checkpoint ahead of the pair is accepted while a publication is under way', async () => {
  const register = await standardRegister()
  const before = new Map(register.files)
  await register.declare({}).publish('2026-01-04')
  const moved = ['log/latest', 'log/tally', 'count.json', 'en/index.html', 'content/000']
  for (const path of moved) register.files.set(path, before.get(path) ?? new Uint8Array())
  const { pair } = await verifyTiny(register)
  assert.equal(pair.declarations.size, 9)
  assert.equal(pair.declarations.newerSize, 10)
})
